"""Keeps a table of all that AWS accounts and organizations hold, in SQLite, from cartography-stream's log.

Rows and offsets change in one transaction, so it can be ended and started again at any time. The table is what
docs/guarantees.md calls the alive records, whatever the order, the repeats and the failures in the log.
"""
import argparse
import json
import os
import sqlite3
import sys
from collections import deque

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer
from confluent_kafka.schema_registry.error import SchemaRegistryError

SCHEMA = """
CREATE TABLE IF NOT EXISTS asset (scope, record_type, id, tag INTEGER, value, PRIMARY KEY (scope, record_type, id));
-- What a complete scope or hierarchy says of one record type. `counts` once the table holds all that it has counted.
CREATE TABLE IF NOT EXISTS marker (key, record_type, scope, tag INTEGER, records, complete, withheld, counts,
    PRIMARY KEY (key, record_type));
CREATE INDEX IF NOT EXISTS marker_scope ON marker (scope, record_type);
CREATE TABLE IF NOT EXISTS position (topic, partition, next_offset, PRIMARY KEY (topic, partition));
"""
# A record that a marker has already ruled out stays out: an older run may end after a newer one.
UPSERT = """
INSERT INTO asset SELECT :scope, :record_type, :id, :tag, :value WHERE NOT EXISTS (
    SELECT 1 FROM marker WHERE scope = :scope AND record_type = :record_type AND tag > :tag AND complete AND counts
        AND :id NOT IN (SELECT value FROM json_each(withheld)))
ON CONFLICT DO UPDATE SET tag = excluded.tag, value = excluded.value WHERE excluded.tag >= asset.tag
"""
# The record types of which a marker has counted more than the table holds, unless a later marker has spoken of the type.
LACKING = """
SELECT 1 FROM marker AS m WHERE key = :key AND records > (
    SELECT count(*) FROM asset WHERE scope = m.scope AND record_type = m.record_type AND tag >= m.tag)
AND NOT EXISTS (SELECT 1 FROM marker WHERE scope = m.scope AND record_type = m.record_type AND tag > m.tag
    AND complete AND counts)
"""
DELETE_GONE = """
DELETE FROM asset WHERE EXISTS (
    SELECT 1 FROM marker AS m WHERE key = :key AND m.scope = asset.scope AND m.record_type = asset.record_type
        AND m.tag > asset.tag AND complete AND asset.id NOT IN (SELECT value FROM json_each(m.withheld)))
"""
# A later marker without exceptions says all that the ones before it said.
FORGET_OLDER = """
DELETE FROM marker WHERE EXISTS (
    SELECT 1 FROM marker AS m WHERE m.key = :key AND m.scope = marker.scope AND m.record_type = marker.record_type
        AND m.tag > marker.tag AND m.complete AND m.withheld = '[]')
"""
REFUSED = (KafkaError._AUTHENTICATION, KafkaError._SSL)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bootstrap-servers", required=True, help="of Kafka: host:port,...")
    parser.add_argument("--schema-registry-url", required=True, help="of a registry with Confluent's API")
    parser.add_argument("--command-config", metavar="FILE", help="KEY=VALUE lines: what librdkafka is to know of TLS "
                        "and logins and, as schema.registry.KEY, what the registry's client is")
    parser.add_argument("--database", default="assets.db", help="the SQLite file [default: assets.db]")
    parser.add_argument("--topic-prefix", default="cartography.aws", help="[default: cartography.aws]")
    parser.add_argument("--exit-at-end", action="store_true", help="end when all that is in the log has been read")
    options = parser.parse_args()
    refusals = deque(maxlen=1)
    registry, consumer = connect(options, refusals)
    db = sqlite3.connect(options.database)
    db.executescript(SCHEMA)
    try:
        partitions = find_partitions(consumer, options, db, refusals)
        consumer.assign(partitions)
        at_end = set()
        while not (options.exit_at_end and len(at_end) == len(partitions)):
            messages = consumer.consume(1000, timeout=1)
            with db:
                apply(db, registry, messages, at_end)
    except KeyboardInterrupt:
        pass
    finally:
        consumer.close()
    (assets,) = db.execute("SELECT count(*) FROM asset").fetchone()
    print(f"{options.database} holds {assets} assets", file=sys.stderr)


def connect(options, refusals):
    """Clients of the registry and of Kafka, which goes on trying when it is refused, and puts that into refusals."""
    kafka, registry = {}, {}
    if options.command_config:
        for key, value in read_settings(options.command_config):
            name = key.removeprefix("schema.registry.")
            (kafka if name == key and not key.startswith("basic.auth.") else registry)[name] = value
    try:
        client = SchemaRegistryClient({**registry, "url": options.schema_registry_url})
    except (OSError, TypeError, ValueError) as error:
        sys.exit(f"error: schema registry: {error}. Check --schema-registry-url and --command-config.")
    try:
        return client, Consumer({
            **kafka,
            "bootstrap.servers": options.bootstrap_servers,
            "group.id": "unused",  # The positions are in the database.
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            "enable.partition.eof": True,
            "error_cb": lambda error: error.code() in REFUSED and refusals.append(error),
        })
    except (TypeError, ValueError) as error:
        sys.exit(f"error: Kafka: {error}. Check --command-config.")


def read_settings(file):
    try:
        with open(file, encoding="utf-8") as lines:
            for number, line in enumerate(map(str.strip, lines), 1):
                key, equals, value = line.partition("=")
                if line and not line.startswith("#"):
                    if not equals:
                        sys.exit(f"error: {file}: line {number} is not KEY=VALUE")
                    key, value = key.strip(), value.strip()
                    if key.endswith(".location") and value != "probe" and not os.access(value, os.R_OK):
                        sys.exit(f"error: {file}: {key}: {value} cannot be read")
                    yield key, value
    except (OSError, UnicodeDecodeError) as error:
        sys.exit(f"error: {file}: it cannot be read: {error}")


def find_partitions(consumer, options, db, refusals):
    """All partitions of the three topics, each with the position that the database has reached."""
    positions = {(topic, partition): offset for topic, partition, offset in db.execute("SELECT * FROM position")}
    found = []
    for name in ("assets", "hierarchy", "markers"):
        topic = f"{options.topic_prefix}.{name}"
        try:
            metadata = consumer.list_topics(topic, timeout=15).topics[topic]
        except KafkaException:
            consumer.poll(0)  # Calls error_cb.
            if not refusals:
                raise
            raise KafkaException(refusals[0])
        if metadata.error:
            sys.exit(f"error: topic {topic}: {metadata.error.str()}. Collect a run first, or check --topic-prefix.")
        found += [TopicPartition(topic, partition, positions.get((topic, partition), 0))
                  for partition in metadata.partitions]
    return found


def apply(db, registry, messages, at_end):
    deserialize = AvroDeserializer(registry)
    touched = set()
    for message in messages:
        place = (message.topic(), message.partition())
        if message.error():
            if message.error().code() == KafkaError._PARTITION_EOF:
                at_end.add(place)
            elif message.error().code() != KafkaError.GROUP_AUTHORIZATION_FAILED:  # No right is needed: it is unused.
                raise KafkaException(message.error())
            continue
        at_end.discard(place)
        try:
            value = decode(registry, deserialize, message.value())
            add = add_marker if message.topic().endswith(".markers") else add_record
            touched.add(add(db, message.key().decode(), value))
        except ValueError as error:
            # The marker of its scope counts one record more than is here, so nothing of that scope is deleted.
            print(f"skipped {place}, offset {message.offset()}: {error}", file=sys.stderr)
        db.execute("INSERT OR REPLACE INTO position VALUES (?, ?, ?)", (*place, message.offset() + 1))
    for scope in touched:
        settle(db, scope)


def decode(registry, deserialize, data):
    """Raises ValueError for bytes that no later try will make readable."""
    if data is None or len(data) <= 5 or data[0] != 0:
        raise ValueError("it is not in Confluent's wire format")
    try:
        registry.get_schema(int.from_bytes(data[1:5], "big"))  # The client keeps it.
    except Exception as error:
        if isinstance(error, SchemaRegistryError) and error.http_status_code == 404:
            raise ValueError(error.error_message) from error
        sys.exit(f"error: the schema registry cannot be asked: {error}. "
                 "Check --schema-registry-url and --command-config.")
    try:
        return deserialize(data)
    except Exception as error:
        raise ValueError(f"it cannot be decoded: {error!r}") from error


def add_record(db, key, value):
    record_type, scope, node_id = key.split("|", 2)
    text = json.dumps(value, default=lambda time: time.isoformat())
    row = {"scope": scope, "record_type": record_type, "id": node_id, "tag": value["updateTag"], "value": text}
    db.execute(UPSERT, row)
    return scope


def add_marker(db, key, value):
    """Of a complete scope or hierarchy: the others do not say what is gone."""
    if value.get("outcome") != "complete":
        return None
    scope = value.get("scope") or f"organization/{value['organizationId']}"
    db.executemany("INSERT OR IGNORE INTO marker VALUES (?, ?, ?, ?, ?, ?, ?, false)", [
        (key, each["name"], scope, value["updateTag"], each["records"], each["complete"], json.dumps(each["withheld"]))
        for each in value["recordTypes"]])
    return scope


def settle(db, scope):
    """Deletes what the scope no longer has, once all is here that its marker has counted. The newest marker goes first."""
    pending = "SELECT key FROM marker WHERE scope = ? AND NOT counts GROUP BY key ORDER BY max(tag) DESC"
    for (key,) in db.execute(pending, (scope,)).fetchall():
        if db.execute(LACKING, {"key": key}).fetchone() is None:
            db.execute("UPDATE marker SET counts = true WHERE key = ?", (key,))
            db.execute(DELETE_GONE, {"key": key})
            db.execute(FORGET_OLDER, {"key": key})


if __name__ == "__main__":
    try:
        main()
    except KafkaException as error:
        sys.exit(f"error: Kafka: {error.args[0].str()}. Check --bootstrap-servers and --command-config.")
