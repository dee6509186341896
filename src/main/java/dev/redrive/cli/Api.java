package dev.redrive.cli;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP API, one request after the other. Blocks, and with the JDK's own client: a command has nothing else to do
 * meanwhile, and an event loop would take longer to start than most commands run. Every answer has a time limit.
 * Redirects are not followed, so that the token goes nowhere else.
 */
final class Api {

    private static final Duration CONNECT = Duration.ofSeconds(5);

    private static final Set<Integer> PASSING = Set.of(429, 502, 503, 504);

    static final String KEY = "Idempotency-Key";

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    private final String url;
    private final @Nullable String token;
    private final Duration patience;
    private final Shell shell;

    /**
     * @param url without a slash at the end
     * @param token null to come without one
     * @param patience for each answer
     */
    Api(String url, @Nullable String token, Duration patience, Shell shell) {
        this.url = url;
        this.token = token;
        this.patience = patience;
        this.shell = shell;
    }

    Answer get(String path, String... headers) {
        return ask(request(path, headers).GET().build());
    }

    /** A change, or a question with a body. Asked again with the same bytes and headers where the answer was lost. */
    Answer post(String path, JsonObject body, String... headers) {
        return ask(request(path, headers)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.encode()))
                .build());
    }

    /** Once, and however it comes out; null where there was no answer. For questions whose failure is an answer. */
    @Nullable
    HttpResponse<String> look(URI address) {
        try {
            var request = authorized(HttpRequest.newBuilder(address)).GET().build();
            return exchange(request, BodyHandlers.ofString());
        } catch (IOException unreachable) {
            return null;
        }
    }

    URI address(String path) {
        return URI.create(url + path);
    }

    /** @return 204 where there is nothing; otherwise every byte went to the sink */
    int stream(String path, OutputStream sink) {
        var request = request(path).GET().build();
        try {
            var response = exchange(request, BodyHandlers.ofInputStream());
            try (var body = response.body()) {
                if (response.statusCode() >= 300) {
                    throw answer(response.statusCode(), new String(body.readAllBytes(), StandardCharsets.UTF_8), false)
                            .failure();
                }
                new Streaming(body, patience).to(sink);
                return response.statusCode();
            }
        } catch (IOException cut) {
            throw new Failure(Exit.UNEXPECTED, "The stream was cut: " + said(cut), "What was written is not complete.");
        }
    }

    private HttpRequest.Builder request(String path, String... headers) {
        var request = authorized(HttpRequest.newBuilder(address("/api/v1" + path)));
        return headers.length == 0 ? request : request.headers(headers);
    }

    private HttpRequest.Builder authorized(HttpRequest.Builder request) {
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    private Answer ask(HttpRequest request) {
        boolean perhapsDone = false;
        String trouble = "";
        for (int attempt = 0; attempt <= shell.pauses().size(); attempt++) {
            try {
                pauseBefore(attempt);
                var response = exchange(request, BodyHandlers.ofString());
                var answer = answer(response.statusCode(), response.body(), attempt > 0);
                if (!mayComeOutOtherwise(request, answer)) {
                    return answer;
                }
                perhapsDone |= answer.status() != 429;
                trouble = answer.failure().what();
            } catch (ConnectException | HttpConnectTimeoutException notSent) {
                trouble = said(notSent);
                if (!perhapsDone) {
                    break;
                }
            } catch (IOException lost) {
                perhapsDone = true;
                trouble = said(lost);
            }
        }
        throw unanswered(request, perhapsDone, trouble);
    }

    /** A fault of Redrive itself says nothing about an order; a question that met one will meet it again. */
    private static boolean mayComeOutOtherwise(HttpRequest request, Answer answer) {
        if (answer.code().equals("outcome-unknown") || answer.code().equals("search-too-slow")) {
            return false;
        }
        boolean order = request.headers().firstValue(KEY).isPresent();
        return answer.code().equals("idempotency-in-progress")
                || PASSING.contains(answer.status())
                || order && answer.status() == 500;
    }

    private Failure unanswered(HttpRequest request, boolean perhapsDone, String trouble) {
        var key = request.headers().firstValue(KEY);
        if (perhapsDone && key.isPresent()) {
            return new Failure(
                    Exit.UNKNOWN,
                    "Redrive did not say whether it took the order: " + trouble,
                    "Look at redrive job list or redrive show before you order again. Key: " + key.get());
        }
        return new Failure(
                Exit.UNEXPECTED,
                "No answer from " + url + ": " + trouble,
                "Is --url (or REDRIVE_URL) right, and does Redrive run? redrive doctor tells more.");
    }

    /** Sleeps, because a command has one thread, no event loop, and nothing else to do meanwhile. */
    private void pauseBefore(int attempt) throws IOException {
        if (attempt > 0) {
            try {
                Thread.sleep(shell.pauses().get(attempt - 1).toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }

    /** The client's own time limit ends with the head of an answer; this one holds for the body too. */
    private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler) throws IOException {
        var sent = http.sendAsync(request, handler);
        try {
            return sent.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            sent.cancel(true);
            throw new HttpTimeoutException("no answer within " + patience.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static Answer answer(int status, String text, boolean again) {
        try {
            return new Answer(status, text.isBlank() ? new JsonObject() : new JsonObject(text), again);
        } catch (DecodeException noJson) {
            // Something between Redrive and us answered, or this is no Redrive at all.
            return new Answer(
                    status >= 300 ? status : 502, new JsonObject().put("detail", "The answer is no JSON"), again);
        }
    }

    private static String said(IOException failure) {
        if (failure instanceof ConnectException) {
            return "nobody listens there, or the name is not known";
        }
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
