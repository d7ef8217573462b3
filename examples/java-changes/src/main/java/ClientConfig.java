import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import javax.net.ssl.SSLContext;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;

/** The file that Kafka's own tools take too: the consumer's settings and, by Confluent's names, the registry's. */
record ClientConfig(Map<String, Object> kafka, SSLContext registryTls, String registryUserInfo) {
  static final class UnusableException extends RuntimeException {
    UnusableException(String file, String problem) {
      super(file + ": " + problem);
    }
  }

  private static final String USER_INFO = "basic.auth.user.info";
  private static final ConfigDef REGISTRY_KEYS = new ConfigDef()
      .define("basic.auth.credentials.source", ConfigDef.Type.STRING, "USER_INFO",
          ConfigDef.ValidString.in("USER_INFO"), ConfigDef.Importance.HIGH, "")
      .define(USER_INFO, ConfigDef.Type.PASSWORD, null, ConfigDef.Importance.HIGH, "")
      .withClientSslSupport();

  /** Without a file: nothing but defaults. */
  static ClientConfig read(String file) {
    Map<String, Object> kafka = new HashMap<>(), registry = new HashMap<>();
    if (file != null) {
      for (var setting : load(file).entrySet()) {
        String key = setting.getKey().toString(), value = setting.getValue().toString();
        String ofRegistry = key.replaceFirst("^schema\\.registry\\.", "");
        if (ConsumerConfig.configNames().contains(key)) kafka.put(key, value);
        else if (isOfRegistry(key, ofRegistry)) registry.put(ofRegistry, value);
        // A key without a value may be a piece of a secret.
        else if (value.isEmpty()) throw new UnusableException(file, "a line is not KEY=VALUE");
        else throw new UnusableException(file, "unknown key " + key);
        if (key.endsWith(".location") && !Files.isReadable(Path.of(value))) {
          throw new UnusableException(file, key + ": " + value + " cannot be read");
        }
      }
    }
    try {
      var parsed = REGISTRY_KEYS.parse(registry);
      var userInfo = (Password) parsed.get(USER_INFO);
      if (userInfo != null && !userInfo.value().contains(":")) {
        throw new UnusableException(file, USER_INFO + " is not USER:PASSWORD");
      }
      return new ClientConfig(kafka, tlsOf(parsed), userInfo == null ? null : userInfo.value());
    } catch (KafkaException error) {
      throw new UnusableException(file, "schema registry: " + describe(error));
    }
  }

  /** With what is behind it: Kafka's own messages often do not say what is wrong. */
  static String describe(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) root = root.getCause();
    return root == error ? error.getMessage() : error.getMessage() + " (" + root + ")";
  }

  private static Properties load(String file) {
    var properties = new Properties();
    try (var reader = Files.newBufferedReader(Path.of(file))) {
      properties.load(reader);
      return properties;
    } catch (IOException | IllegalArgumentException error) {
      throw new UnusableException(file, "it cannot be read: " + error);
    }
  }

  /** Java's HTTP client has its own say on host names and versions of TLS. */
  private static boolean isOfRegistry(String key, String name) {
    boolean isSupported = name.startsWith("basic.auth.")
        || !name.equals(key) && name.matches("ssl\\.(key|keystore|truststore)\\..+");
    return isSupported && REGISTRY_KEYS.names().contains(name);
  }

  private static SSLContext tlsOf(Map<String, Object> settings) {
    try (var factory = new DefaultSslEngineFactory()) {
      factory.configure(settings);
      return factory.sslContext();
    }
  }
}
