package dev.redrive.scenario;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands between a command and Redrive, passes every request on, and loses some answers. */
final class LosingProxy implements AutoCloseable {

    private static final Set<String> PASSED =
            Set.of("authorization", "content-type", "idempotency-key", "if-match", "prefer");

    private final HttpClient http = HttpClient.newHttpClient();
    private final HttpServer server;
    private final String url;
    private final String path;
    private final AtomicInteger toLose;

    private LosingProxy(HttpServer server, String url, String path, int answers) {
        this.server = server;
        this.url = url;
        this.path = path;
        this.toLose = new AtomicInteger(answers);
    }

    /** @param path end of the paths whose first answers to a POST are lost */
    static LosingProxy before(String url, String path, int answers) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var proxy = new LosingProxy(server, url, path, answers);
        server.createContext("/", proxy::pass);
        server.start();
        return proxy;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void pass(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            var request = HttpRequest.newBuilder(URI.create(url + exchange.getRequestURI()))
                    .timeout(Duration.ofSeconds(30))
                    .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
            exchange.getRequestHeaders().forEach((name, values) -> {
                if (PASSED.contains(name.toLowerCase(Locale.ROOT))) {
                    values.forEach(value -> request.header(name, value));
                }
            });
            var answer = http.send(request.build(), BodyHandlers.ofByteArray());
            boolean loses = exchange.getRequestMethod().equals("POST")
                    && exchange.getRequestURI().getPath().endsWith(path)
                    && toLose.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
            if (!loses) {
                exchange.sendResponseHeaders(
                        answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
                exchange.getResponseBody().write(answer.body());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
