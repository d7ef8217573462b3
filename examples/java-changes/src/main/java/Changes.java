import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Prints what changes in AWS as lines of JSON, from cartography-stream's log: assets that appeared, that changed (with
 * the properties that differ) and that are gone. It keeps what it has read in memory and nothing elsewhere: each start
 * reads the log from its beginning, and prints from there or from the end on.
 */
public final class Changes {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  public static void main(String[] arguments) {
    var closed = new CountDownLatch(1);
    int exitCode = 0;
    try {
      run(Options.parse(arguments), closed);
    } catch (Options.UsageException error) {
      System.err.println("error: " + error.getMessage());
      exitCode = 2;
    } catch (ClientConfig.UnusableException | Decoder.RegistryException error) {
      System.err.println("error: " + error.getMessage());
      exitCode = 1;
    } catch (KafkaException error) {
      System.err.println(
          "error: Kafka: " + ClientConfig.describe(error) + ". Check --bootstrap-servers and --command-config.");
      exitCode = 1;
    } finally {
      closed.countDown();
    }
    System.exit(exitCode);
  }

  private static void run(Options options, CountDownLatch closed) {
    var config = ClientConfig.read(options.commandConfig());
    var decoder = new Decoder(options.schemaRegistryUrl(), config);
    boolean[] prints = {options.fromBeginning()};
    var estate = new Estate(change -> {
      if (prints[0]) System.out.println(change);
    });
    var settings = new HashMap<>(config.kafka());
    settings.putAll(Map.of(
        "bootstrap.servers", options.bootstrapServers(),
        "enable.auto.commit", false,
        "allow.auto.create.topics", false,
        "reconnect.backoff.max.ms", 5000,
        "auto.offset.reset", "earliest"));
    try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> {
        consumer.wakeup();
        awaitQuietly(closed);
      }));
      List<TopicPartition> partitions = findPartitions(consumer, options);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, PATIENCE);
      boolean caughtUp = false;
      while (!(caughtUp && options.exitAtEnd())) {
        for (var message : consumer.poll(Duration.ofSeconds(1))) apply(message, decoder, estate);
        estate.settle();
        if (!caughtUp && ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
          caughtUp = prints[0] = true;
          System.err.println("caught up: " + estate.size() + " assets");
        }
      }
    } catch (WakeupException ended) {
      // Ctrl-C
    }
  }

  private static List<TopicPartition> findPartitions(KafkaConsumer<byte[], byte[]> consumer, Options options) {
    var found = new ArrayList<TopicPartition>();
    for (String name : List.of("assets", "hierarchy", "markers")) {
      String topic = options.topicPrefix() + "." + name;
      var partitions = consumer.partitionsFor(topic, PATIENCE);
      if (partitions.isEmpty()) {
        throw new Options.UsageException("there is no topic " + topic + ". Collect a run first, or check --topic-prefix.");
      }
      for (var partition : partitions) found.add(new TopicPartition(topic, partition.partition()));
    }
    return found;
  }

  private static void apply(ConsumerRecord<byte[], byte[]> message, Decoder decoder, Estate estate) {
    JsonNode value;
    try {
      value = decoder.decode(message.value());
    } catch (Decoder.UnreadableException error) {
      // The marker of its scope counts one record more than is here, so nothing of that scope is gone.
      System.err.println("skipped " + message.topic() + "-" + message.partition() + ", offset " + message.offset()
          + ": " + error.getMessage());
      return;
    }
    if (message.topic().endsWith(".markers")) estate.addMarker(value);
    else estate.addRecord(new String(message.key(), StandardCharsets.UTF_8), value);
  }

  private static void awaitQuietly(CountDownLatch closed) {
    try {
      closed.await();
    } catch (InterruptedException error) {
      Thread.currentThread().interrupt();
    }
  }
}
