package dev.redrive.alert;

import com.standardwebhooks.Webhook;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** A webhook as its owner would write it: verifies each message with the reference library, then answers. */
final class Receiver implements AutoCloseable {

    static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /** One POST whose signature was right. */
    record Message(String id, long timestamp, String path, String contentType, JsonObject event) {
        JsonObject data() {
            return event.getJsonObject("data");
        }
    }

    final List<Message> messages = new CopyOnWriteArrayList<>();
    final List<Throwable> refused = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private volatile BiConsumer<Message, HttpServerRequest> answer;

    Receiver(Vertx vertx, BiConsumer<Message, HttpServerRequest> answer) {
        this.answer = answer;
        this.server = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> receive(request, body)))
                .listen(0, "127.0.0.1")
                .await();
    }

    static Receiver answering(Vertx vertx, int status) {
        return new Receiver(vertx, (message, request) -> answer(request, status));
    }

    static void answer(HttpServerRequest request, int status) {
        request.response().setStatusCode(status).end();
    }

    void answerFromNowOn(BiConsumer<Message, HttpServerRequest> other) {
        answer = other;
    }

    private void receive(HttpServerRequest request, Buffer body) {
        Map<String, List<String>> headers = request.headers().names().stream()
                .collect(Collectors.toMap(name -> name, request.headers()::getAll, (first, second) -> first));
        try {
            new Webhook(SECRET).verify(body.toString(), headers);
        } catch (Exception wrong) {
            refused.add(wrong);
            answer(request, 401);
            return;
        }
        var message = new Message(
                request.getHeader("webhook-id"),
                Long.parseLong(request.getHeader("webhook-timestamp")),
                request.path(),
                request.getHeader("content-type"),
                body.toJsonObject());
        messages.add(message);
        answer.accept(message, request);
    }

    String url() {
        return "http://127.0.0.1:" + server.actualPort() + "/hook";
    }

    Endpoint endpoint(String name) {
        return Endpoint.signed(name, URI.create(url()), StandardWebhook.withSecret(SECRET));
    }

    /** Of the messages about an episode, in the order in which they came. */
    List<String> types(String episode) {
        return messages.stream()
                .filter(message -> episode.equals(message.data().getString("of")))
                .map(message -> message.event().getString("type"))
                .toList();
    }

    List<String> ids() {
        return messages.stream().map(Message::id).toList();
    }

    @Override
    public void close() {
        server.close().await();
    }
}
