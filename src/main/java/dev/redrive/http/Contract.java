package dev.redrive.http;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** {@code openapi.yaml}: as people read it, as JSON, and as the router can bear it. */
public final class Contract {

    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");
    private static final String SCHEMAS = "#/components/schemas/";

    private final Buffer yaml;
    private final JsonObject json;
    private volatile @Nullable OpenAPIContract routable;

    private Contract(Buffer yaml, JsonObject json) {
        this.yaml = yaml;
        this.json = json;
    }

    /** Blocks on the class path; called once, before anything is deployed. */
    public static Contract read() {
        try (var resource =
                requireNonNull(Contract.class.getResourceAsStream("/openapi.yaml"), "openapi.yaml on the class path")) {
            var yaml = Buffer.buffer(resource.readAllBytes());
            Map<String, Object> root = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml.toString());
            return new Contract(yaml, new JsonObject(root));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    Buffer yaml() {
        return yaml;
    }

    JsonObject json() {
        return json.copy();
    }

    /** To be awaited before servers are deployed, or each of those that start together would load it by itself. */
    public Future<Void> prepare(Vertx vertx) {
        return routable(vertx).mapEmpty();
    }

    /**
     * What the routers of all servers of a process share: it is only read once it is loaded, and loading takes a good
     * part of a second of a cold JVM.
     */
    Future<OpenAPIContract> routable(Vertx vertx) {
        var loaded = routable;
        return loaded != null
                ? Future.succeededFuture(loaded)
                : OpenAPIContract.from(vertx, forRouter()).onSuccess(contract -> routable = contract);
    }

    /** Every operation by its id, as {@code GET /api/v1/…}. */
    public Map<String, String> operations() {
        var operations = new HashMap<String, String>();
        var paths = json.getJsonObject("paths");
        for (var path : paths.fieldNames()) {
            var item = paths.getJsonObject(path);
            for (var method : item.fieldNames()) {
                if (METHODS.contains(method)) {
                    var id = item.getJsonObject(method).getString("operationId");
                    operations.put(id, method.toUpperCase(Locale.ROOT) + " " + path);
                }
            }
        }
        return operations;
    }

    /**
     * The copy for vertx-openapi 5.0.8, which refuses to load media types such as {@code application/problem+json} and
     * {@code text/event-stream} and relative servers. It checks requests only, so the answers are left out and with
     * them their schemas, which are most of what a process that starts would load; who may call is {@link Gate}'s
     * decision.
     */
    private JsonObject forRouter() {
        var copy = json.copy();
        copy.remove("security");
        copy.remove("servers");
        copy.getJsonObject("components").remove("responses");
        copy.getJsonObject("components").remove("securitySchemes");
        copy.getJsonObject("components").remove("headers");
        var paths = copy.getJsonObject("paths");
        for (var path : paths.fieldNames()) {
            var item = paths.getJsonObject(path);
            var shared = item.getJsonArray("parameters", new JsonArray()).getList();
            for (var method : List.copyOf(item.fieldNames())) {
                if (METHODS.contains(method)) {
                    strip(item.getJsonObject(method), shared);
                }
            }
            item.remove("parameters");
        }
        keepReferred(copy);
        return copy;
    }

    private static void keepReferred(JsonObject contract) {
        var components = contract.getJsonObject("components");
        var schemas = components.getJsonObject("schemas");
        var referred = new HashSet<String>();
        follow(contract.getJsonObject("paths"), schemas, referred);
        follow(components.getJsonObject("parameters"), schemas, referred);
        schemas.fieldNames().stream()
                .filter(name -> !referred.contains(name))
                .toList()
                .forEach(schemas::remove);
    }

    private static void follow(@Nullable Object node, JsonObject schemas, Set<String> referred) {
        if (node instanceof JsonArray array) {
            array.forEach(each -> follow(each, schemas, referred));
        } else if (node instanceof JsonObject object) {
            if (object.getValue("$ref") instanceof String reference && reference.startsWith(SCHEMAS)) {
                var name = reference.substring(SCHEMAS.length());
                if (referred.add(name)) {
                    follow(schemas.getJsonObject(name), schemas, referred);
                }
            }
            object.forEach(field -> follow(field.getValue(), schemas, referred));
        }
    }

    private static void strip(JsonObject operation, List<?> sharedParameters) {
        operation.remove("security");
        operation.put("responses", new JsonObject().put("200", new JsonObject().put("description", "")));
        var body = operation.getJsonObject("requestBody");
        if (body != null && !body.getJsonObject("content").containsKey("application/json")) {
            // A stream that the handler reads and checks line by line.
            operation.remove("requestBody");
        }
        var parameters = operation.getJsonArray("parameters", new JsonArray());
        sharedParameters.forEach(parameters::add);
        operation.put("parameters", parameters);
    }
}
