package dev.redrive.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import dev.redrive.testkit.Eventually;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** A webhook endpoint that keeps what it was told. */
final class AlertInbox implements AutoCloseable {

    /** Not a secret: the test's own. */
    static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private final HttpServer server;
    private final List<JsonObject> events = new CopyOnWriteArrayList<>();

    AlertInbox() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            events.add(new JsonObject(new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/redrive";
    }

    /** The link of the first alert whose text holds this. */
    String linkOf(String text) {
        return Eventually.value(
                        Duration.ofSeconds(60),
                        "an alert about " + text,
                        () -> events.stream()
                                .map(event -> event.getJsonObject("data"))
                                .flatMap(AlertInbox::alerts)
                                .filter(alert -> alert.encode().contains(text))
                                .map(alert -> alert.getString("link"))
                                .findFirst())
                .toString();
    }

    /** One message may carry several. */
    private static Stream<JsonObject> alerts(JsonObject data) {
        var several = data.getJsonArray("alerts");
        return several == null ? Stream.of(data) : several.stream().map(JsonObject.class::cast);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
