"""Prints every record of a topic as a line of JSON: what any Confluent-compatible client makes of it."""
import json
import sys

from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer
from confluent_kafka.serialization import MessageField, SerializationContext

servers, topic, registry_url = sys.argv[1:]
deserialize = AvroDeserializer(SchemaRegistryClient({"url": registry_url}))
consumer = Consumer({
    "bootstrap.servers": servers,
    "group.id": "stock-client",
    "enable.auto.commit": False,
    "auto.offset.reset": "earliest",
})
ends = {}
for partition in consumer.list_topics(topic, timeout=30).topics[topic].partitions:
    low, high = consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=30)
    if low < high:
        ends[partition] = high
consumer.assign([TopicPartition(topic, partition, 0) for partition in ends])
while ends:
    message = consumer.poll(60)
    if message is None:
        sys.exit("no message came within a minute")
    if message.error():
        sys.exit(str(message.error()))
    value = deserialize(message.value(), SerializationContext(topic, MessageField.VALUE))
    headers = {name: text.decode() for name, text in message.headers() or []}
    print(json.dumps({"key": message.key().decode(), "headers": headers, "value": value}, default=str))
    if message.offset() + 1 >= ends[message.partition()]:
        del ends[message.partition()]
consumer.close()
