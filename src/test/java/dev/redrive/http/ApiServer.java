package dev.redrive.http;

import dev.redrive.Settings;
import dev.redrive.access.Access;
import dev.redrive.access.SessionRoutes;
import dev.redrive.access.SessionStore;
import dev.redrive.audit.AuditRoutes;
import dev.redrive.audit.AuditStore;
import dev.redrive.cluster.Told;
import dev.redrive.cluster.TopicRoutes;
import dev.redrive.letter.FacetRoutes;
import dev.redrive.letter.LetterRoutes;
import dev.redrive.letter.LetterStore;
import dev.redrive.letter.PayloadRoutes;
import dev.redrive.letter.StatusRoutes;
import dev.redrive.overview.OverviewRoutes;
import dev.redrive.postgres.Database;
import dev.redrive.testkit.Postgres;
import dev.redrive.view.SavedViewRoutes;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.sqlclient.Pool;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The HTTP server with the parts that need Postgres alone, on a database of its own. */
public final class ApiServer implements AutoCloseable {

    public static final String TOKEN = "the-admin-token-of-the-tests-0123456789";

    /** Of all servers of a test JVM: to load it takes longer than all the rest of a server. */
    public static final Contract CONTRACT = Contract.read();

    private static final long PATIENCE_SECONDS = 20;

    /** As where there is no endpoint yet. */
    private static final Told NOBODY = new Told() {
        @Override
        public Future<Answer> of(String deadLetterTopic, @Nullable String origin) {
            return Future.succeededFuture(Answer.NO_ENDPOINT);
        }

        @Override
        public Future<Boolean> isAnybodyThere() {
            return Future.succeededFuture(false);
        }
    };

    private final Vertx vertx = Vertx.vertx();
    private final String databaseUrl;
    private final Pool pool;
    final AtomicInteger listeners = new AtomicInteger();
    private final HttpVerticle server;
    private final WebClient client;

    private ApiServer(Settings.Access settings, Function<Pool, Routes> more) throws Exception {
        databaseUrl = Postgres.shared().freshDatabase();
        var database = new Database(new Settings.Database(databaseUrl, 8));
        pool = database.open(vertx);
        var reading = database.openForReading(vertx);
        var searching = database.openForSearching(vertx);
        var sessions = new SessionStore(pool);
        var access = new Access(settings, sessions);
        var letters = new LetterStore(pool);
        var audit = new AuditStore(pool);
        var routes = new ArrayList<>(List.of(
                new SessionRoutes(access, sessions, "http://localhost"),
                new AuditRoutes(audit, reading),
                new LetterRoutes(letters, reading, searching, Clock.systemUTC()),
                new FacetRoutes(reading, searching, Clock.systemUTC()),
                new SavedViewRoutes(pool, audit),
                new PayloadRoutes(letters),
                new StatusRoutes(letters, audit),
                new OverviewRoutes(reading, List::of),
                new TopicRoutes(pool, reading, List::of, List::of, (cluster, topic, id) -> null, NOBODY),
                more.apply(pool)));
        routes.add(ApiServer::leaveOut);
        var http = new Settings.Http("127.0.0.1", 0, 0, "http://localhost");
        server = new HttpVerticle(http, CONTRACT, access, routes, listeners);
        await(vertx.deployVerticle(new Changes(database)));
        await(vertx.deployVerticle(server));
        var connections = new PoolOptions().setHttp1MaxSize(100);
        client = WebClient.create(vertx, new WebClientOptions().setFollowRedirects(false), connections);
    }

    public static ApiServer open() throws Exception {
        return new ApiServer(new Settings.Access(Settings.Access.Mode.NONE, null), pool -> routes -> {});
    }

    public static ApiServer withToken() throws Exception {
        return new ApiServer(new Settings.Access(Settings.Access.Mode.TOKEN, TOKEN), pool -> routes -> {});
    }

    /** @param more bound last of all */
    public static ApiServer with(Function<Pool, Routes> more) throws Exception {
        return new ApiServer(new Settings.Access(Settings.Access.Mode.NONE, null), more);
    }

    /** Operations that need Kafka or another feature are somebody else's test. */
    private static void leaveOut(RouterBuilder routes) {
        for (var route : routes.getRoutes()) {
            boolean ours = route.getOperation().getOperationId().matches("getContract.*|listProblems|streamEvents");
            if (route.getHandlers().isEmpty() && !ours) {
                route.addHandler(
                        context -> context.fail(new RefusedException(ProblemCode.KAFKA_UNAVAILABLE, "left out")));
            }
        }
    }

    /** For other processes on the same database. */
    public String databaseUrl() {
        return databaseUrl;
    }

    public Pool pool() {
        return pool;
    }

    public Vertx vertx() {
        return vertx;
    }

    public int port() {
        return server.actualPort();
    }

    public HttpResponse<Buffer> get(String path, String... headers) throws Exception {
        return send(HttpMethod.GET, path, null, headers);
    }

    public JsonObject json(String path) throws Exception {
        return get(path).bodyAsJsonObject();
    }

    public HttpResponse<Buffer> post(String path, JsonObject body, String... headers) throws Exception {
        var all = new ArrayList<>(List.of(headers));
        all.add("Content-Type");
        all.add("application/json");
        return send(HttpMethod.POST, path, body.toBuffer(), all.toArray(String[]::new));
    }

    /** @param headers name and value by turns */
    public HttpResponse<Buffer> send(HttpMethod method, String path, @Nullable Buffer body, String... headers)
            throws Exception {
        return await(ask(method, path, body, headers));
    }

    public Future<HttpResponse<Buffer>> ask(HttpMethod method, String path, @Nullable Buffer body, String... headers) {
        var request = client.request(method, port(), "127.0.0.1", path);
        for (int i = 0; i < headers.length; i += 2) {
            request.putHeader(headers[i], headers[i + 1]);
        }
        return body == null ? request.send() : request.sendBuffer(body);
    }

    public static <T> T await(Future<T> future) throws Exception {
        return future.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Undeploys the server alone; @return how long it took */
    Duration stop() throws Exception {
        long began = System.nanoTime();
        await(vertx.undeploy(server.deploymentID()));
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** Every operation of the contract with a path that could exist. */
    static Map<String, String> operations() {
        return CONTRACT.operations();
    }

    @Override
    public void close() throws Exception {
        await(vertx.close());
    }
}
