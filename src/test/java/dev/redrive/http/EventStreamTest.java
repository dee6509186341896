package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.Eventually;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EventStreamTest {

    @Test
    void tellsWhatAnotherProcessChangedAndResyncsWhoComesBack() throws Exception {
        try (var server = ApiServer.open()) {
            var heard = Buffer.buffer();
            var request = ApiServer.await(server.vertx()
                    .createHttpClient()
                    .request(HttpMethod.GET, server.port(), "127.0.0.1", "/api/v1/events"));
            request.putHeader("Last-Event-ID", "17");
            var response = ApiServer.await(request.send()
                    .onSuccess(answer -> answer.handler(chunk -> {
                        synchronized (heard) {
                            heard.appendBuffer(chunk);
                        }
                    })));
            assertThat(response.getHeader("Content-Type")).isEqualTo("text/event-stream");
            until(heard, "event: resync");
            assertThat(server.listeners).hasValue(1);
            ApiServer.await(server.pool()
                    .query("SELECT pg_notify('redrive_changed', '{\"what\":\"letters\",\"ids\":[\"7\"]}'),"
                            + " pg_notify('redrive_changed', '{\"what\":\"letters\",\"ids\":[\"8\"]}')")
                    .execute());
            until(heard, "data: {\"what\":\"letters\",\"ids\":[\"7\",\"8\"]}");
            assertThat(text(heard)).startsWith("retry: 3000\n\n");
            assertThat(server.stop())
                    .as("an open stream does not hold up the end")
                    .isLessThan(Duration.ofSeconds(6));
            Eventually.until(Duration.ofSeconds(10), "nobody to listen", () -> server.listeners.get() == 0);
        }
    }

    @Test
    void leavesNothingBehindWhenItSendsABrowserAway() throws Exception {
        var vertx = Vertx.vertx();
        try {
            var over = Promise.<Void>promise();
            var stream = new EventStream(vertx, new AtomicInteger(), Duration.ofMillis(50));
            var server = ApiServer.await(vertx.createHttpServer()
                    .requestHandler(
                            request -> stream.listen(request.response(), false).onComplete(over))
                    .listen(0, "127.0.0.1"));
            var body = vertx.createHttpClient()
                    .request(HttpMethod.GET, server.actualPort(), "127.0.0.1", "/")
                    // The body is asked for where its parts arrive: this thread could be too late for them.
                    .compose(request -> request.send().compose(HttpClientResponse::body));
            assertThat(ApiServer.await(body).toString()).isEqualTo("retry: 3000\n\n");
            ApiServer.await(over.future());
        } finally {
            ApiServer.await(vertx.close());
        }
    }

    @Test
    void listensForNobodyWhoLeftBeforeItWasServed() throws Exception {
        var vertx = Vertx.vertx();
        try {
            var over = Promise.<Void>promise();
            var reached = Promise.<Void>promise();
            var stream = new EventStream(vertx, new AtomicInteger());
            var server = ApiServer.await(vertx.createHttpServer()
                    .requestHandler(request -> {
                        request.connection()
                                .closeHandler(left -> vertx.runOnContext(late ->
                                        stream.listen(request.response(), false).onComplete(over)));
                        reached.complete();
                    })
                    .listen(0, "127.0.0.1"));
            var socket = ApiServer.await(vertx.createNetClient().connect(server.actualPort(), "127.0.0.1"));
            ApiServer.await(socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
            ApiServer.await(reached.future());
            ApiServer.await(socket.close());
            ApiServer.await(over.future());
        } finally {
            ApiServer.await(vertx.close());
        }
    }

    private static void until(Buffer heard, String expected) {
        Eventually.until(Duration.ofSeconds(10), expected, () -> text(heard).contains(expected));
    }

    private static String text(Buffer heard) {
        synchronized (heard) {
            return heard.toString();
        }
    }
}
