import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.DecoderFactory;

/** Confluent's wire format: a zero byte, the schema's id in the registry (four bytes), the Avro body. */
final class Decoder {
  /** No later try will make these bytes readable. */
  static final class UnreadableException extends Exception {
    UnreadableException(String problem) {
      super(problem);
    }
  }

  /** The registry cannot be asked: that says nothing about the bytes. */
  static final class RegistryException extends RuntimeException {
    RegistryException(URI uri, Object problem) {
      super("the schema registry does not answer " + uri + ": " + problem
          + ". Check --schema-registry-url and --command-config.");
    }
  }

  private static final int HEADER_BYTES = 5;

  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient http;
  private final String registryUrl;
  private final String userInfo;
  private final Map<Integer, Schema> schemas = new HashMap<>();

  Decoder(String registryUrl, ClientConfig config) {
    this.registryUrl = registryUrl.replaceAll("/+$", "");
    userInfo = config.registryUserInfo();
    http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).sslContext(config.registryTls()).build();
  }

  /** A record as JSON: field by field, times in milliseconds since the epoch. */
  JsonNode decode(byte[] bytes) throws UnreadableException {
    if (bytes == null || bytes.length < HEADER_BYTES || bytes[0] != 0) {
      throw new UnreadableException("it is not in Confluent's wire format");
    }
    Schema schema = schemaOf(ByteBuffer.wrap(bytes).getInt(1));
    try {
      var body = DecoderFactory.get().binaryDecoder(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES, null);
      Object record = new GenericDatumReader<>(schema).read(null, body);
      return json.readTree(GenericData.get().toString(record));
    } catch (IOException | RuntimeException error) {
      throw new UnreadableException("it is no " + schema.getFullName() + ": " + error);
    }
  }

  private Schema schemaOf(int id) throws UnreadableException {
    Schema known = schemas.get(id);
    if (known != null) return known;
    try {
      Schema schema = new Schema.Parser().parse(json.readTree(ask(id)).path("schema").textValue());
      schemas.put(id, schema);
      return schema;
    } catch (JsonProcessingException | AvroRuntimeException error) {
      throw new UnreadableException("schema " + id + " of the registry is no Avro schema: " + error.getMessage());
    }
  }

  private String ask(int id) throws UnreadableException {
    URI uri = URI.create(registryUrl + "/schemas/ids/" + id);
    try {
      var request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30));
      if (userInfo != null) {
        var encoded = Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8));
        request.header("Authorization", "Basic " + encoded);
      }
      var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() == 404) throw new UnreadableException("the registry knows no schema " + id);
      if (answer.statusCode() != 200) throw new RegistryException(uri, "status " + answer.statusCode());
      return answer.body();
    } catch (IOException | InterruptedException | IllegalArgumentException error) {
      throw new RegistryException(uri, error);
    }
  }
}
