import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The assets that are there, and what each message changes about them: what docs/guarantees.md calls the alive records,
 * whatever the order, the repeats and the failures in the log.
 */
final class Estate {
  private record Asset(long tag, JsonNode value) {}

  /** What a complete scope says of one record type. */
  private record Count(String recordType, long records, boolean complete, Set<String> withheld) {}

  private record Marker(long tag, List<Count> counts) {}

  /** From this tag on; the withheld ids are kept whatever their tag. */
  private record Ruling(long tag, Set<String> withheld) {
    boolean rulesOut(String id, long tag) {
      return tag < this.tag && !withheld.contains(id);
    }
  }

  /** The assets of one record type in one scope. */
  private static final class Group {
    final Map<String, Asset> assets = new HashMap<>();
    final List<Ruling> rulings = new ArrayList<>();
  }

  private static final class Scope {
    final Map<String, Group> groups = new HashMap<>();
    /** Those that have counted more than is here. */
    final List<Marker> pending = new ArrayList<>();

    Group group(String recordType) {
      return groups.computeIfAbsent(recordType, name -> new Group());
    }
  }

  private final Map<String, Scope> scopes = new HashMap<>();
  private final Set<String> touched = new TreeSet<>();
  private final Consumer<JsonNode> onChange;

  Estate(Consumer<JsonNode> onChange) {
    this.onChange = onChange;
  }

  int size() {
    var groups = scopes.values().stream().flatMap(scope -> scope.groups.values().stream());
    return groups.mapToInt(group -> group.assets.size()).sum();
  }

  void addRecord(String key, JsonNode value) {
    String[] parts = key.split("\\|", 3);
    String recordType = parts[0], scopeName = parts[1], id = parts[2];
    Scope scope = scopes.computeIfAbsent(scopeName, name -> new Scope());
    Group group = scope.group(recordType);
    long tag = value.get("updateTag").longValue();
    // An older run may end after a newer one.
    if (group.rulings.stream().anyMatch(ruling -> ruling.rulesOut(id, tag))) return;
    Asset before = group.assets.get(id);
    if (before != null && before.tag > tag) return;
    group.assets.put(id, new Asset(tag, value));
    if (before == null) {
      onChange.accept(change("appeared", recordType, scopeName, id, tag).set("value", value));
    } else {
      ObjectNode differences = differences(before.value, value);
      if (!differences.isEmpty()) {
        onChange.accept(change("changed", recordType, scopeName, id, tag).set("properties", differences));
      }
    }
    touched.add(scopeName);
  }

  void addMarker(JsonNode value) {
    // Others do not say what is gone: denied and failed scopes, accounts, runs.
    if (!value.path("outcome").asText().equals("complete")) return;
    String name = value.path("scope").asText("organization/" + value.path("organizationId").textValue());
    var counts = new ArrayList<Count>();
    for (JsonNode type : value.get("recordTypes")) {
      var withheld = new HashSet<String>();
      type.get("withheld").forEach(id -> withheld.add(id.textValue()));
      counts.add(new Count(
          type.get("name").textValue(), type.get("records").longValue(), type.get("complete").booleanValue(), withheld));
    }
    Scope scope = scopes.computeIfAbsent(name, unused -> new Scope());
    scope.pending.add(new Marker(value.get("updateTag").longValue(), counts));
    scope.pending.sort(Comparator.comparingLong(Marker::tag).reversed());
    touched.add(name);
  }

  /** Finds what is gone. To be called once all of a batch was added. */
  void settle() {
    for (var name : touched) settle(name, scopes.get(name));
    touched.clear();
  }

  /** A marker counts once all is here that it has counted. The newest goes first, since it may speak for older ones. */
  private void settle(String scopeName, Scope scope) {
    for (var marker : List.copyOf(scope.pending)) {
      if (!marker.counts.stream().allMatch(count -> isHere(scope.group(count.recordType), count, marker.tag))) continue;
      scope.pending.remove(marker);
      for (var count : marker.counts) {
        if (!count.complete) continue;
        rule(scopeName, count.recordType, scope.group(count.recordType), new Ruling(marker.tag, count.withheld));
      }
    }
  }

  private static boolean isHere(Group group, Count count, long tag) {
    return group.rulings.stream().anyMatch(ruling -> ruling.tag > tag)
        || group.assets.values().stream().filter(asset -> asset.tag >= tag).count() >= count.records;
  }

  private void rule(String scope, String recordType, Group group, Ruling ruling) {
    if (ruling.withheld.isEmpty()) group.rulings.removeIf(older -> older.tag < ruling.tag);
    group.rulings.add(ruling);
    for (var id : new TreeSet<>(group.assets.keySet())) {
      if (!ruling.rulesOut(id, group.assets.get(id).tag)) continue;
      group.assets.remove(id);
      onChange.accept(change("gone", recordType, scope, id, ruling.tag));
    }
  }

  private static ObjectNode change(String kind, String recordType, String scope, String id, long tag) {
    return JsonNodeFactory.instance.objectNode()
        .put("change", kind).put("type", recordType).put("scope", scope).put("id", id).put("tag", tag);
  }

  private static ObjectNode differences(JsonNode before, JsonNode after) {
    var differences = JsonNodeFactory.instance.objectNode();
    var names = new TreeSet<String>();
    before.fieldNames().forEachRemaining(names::add);
    after.fieldNames().forEachRemaining(names::add);
    names.remove("updateTag");
    for (String name : names) {
      if (before.path(name).equals(after.path(name))) continue;
      var difference = differences.putObject(name);
      difference.set("from", before.get(name));
      difference.set("to", after.get(name));
    }
    return differences;
  }
}
