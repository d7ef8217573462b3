import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The command line. */
record Options(
    String bootstrapServers,
    String schemaRegistryUrl,
    String commandConfig,
    String topicPrefix,
    boolean fromBeginning,
    boolean exitAtEnd) {
  static final class UsageException extends RuntimeException {
    UsageException(String problem) {
      super(problem + """

          usage: java -jar changes.jar --bootstrap-servers HOST:PORT,... --schema-registry-url URL
            --command-config FILE  KEY=VALUE lines: what Kafka's client is to know of TLS and logins and, as
                                   schema.registry.KEY, what the registry's is
            --topic-prefix NAME    of the topics [default: cartography.aws]
            --from-beginning       print what the log says from its beginning on, not only what comes from now on
            --exit-at-end          end when all that is in the log has been read""");
    }
  }

  private static final Set<String> FLAGS = Set.of("--from-beginning", "--exit-at-end");
  private static final Set<String> SETTINGS =
      Set.of("--bootstrap-servers", "--schema-registry-url", "--command-config", "--topic-prefix");

  static Options parse(String[] arguments) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < arguments.length; i++) {
      String name = arguments[i];
      if (FLAGS.contains(name)) given.put(name, "");
      else if (!SETTINGS.contains(name)) throw new UsageException("unknown option " + name);
      else if (i + 1 == arguments.length) throw new UsageException(name + " wants a value");
      else given.put(name, arguments[++i]);
    }
    for (String name : new String[] {"--bootstrap-servers", "--schema-registry-url"}) {
      if (!given.containsKey(name)) throw new UsageException(name + " is missing");
    }
    return new Options(
        given.get("--bootstrap-servers"),
        given.get("--schema-registry-url"),
        given.get("--command-config"),
        given.getOrDefault("--topic-prefix", "cartography.aws"),
        given.containsKey("--from-beginning"),
        given.containsKey("--exit-at-end"));
  }
}
