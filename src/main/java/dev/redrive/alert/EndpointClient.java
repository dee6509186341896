package dev.redrive.alert;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Sends to an address over HTTP. The plain client and not the web client, because that one reads a response to its end
 * before it shows the status. Redirects are answers like any other: following one would carry the event to an address
 * that nobody approved.
 */
final class EndpointClient {

    /** More than this of a response is not read; the connection is closed instead. */
    private static final int RESPONSE_BYTES = 4 * 1024;

    private static final int CONNECT_MILLIS = 3_000;

    /** Of RFC 9110 §5.6.7, the one of today first: whoever reads a date takes all three. */
    private static final List<DateTimeFormatter> DATES = List.of(
            DateTimeFormatter.RFC_1123_DATE_TIME,
            DateTimeFormatter.ofPattern("EEEE, dd-MMM-yy HH:mm:ss 'GMT'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC),
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC));

    private final HttpClient client;
    private final Duration timeout;

    /** @param timeout until there is a connection, from there to the status line, and from there to the end of the body */
    EndpointClient(Vertx vertx, Duration timeout) {
        this(vertx, timeout, new HttpClientOptions());
    }

    /** @param options what else holds for each connection, such as whose certificates are trusted */
    EndpointClient(Vertx vertx, Duration timeout, HttpClientOptions options) {
        this.timeout = timeout;
        this.client =
                vertx.createHttpClient(options.setConnectTimeout(CONNECT_MILLIS).setMaxHeaderSize(16 * 1024));
    }

    /**
     * @param checked where to connect to, whatever the name of the address says by now; the name stays in the Host header
     *     and is what the certificate must show. Null to ask a name server
     * @param at when the attempt is made
     */
    Future<Answer> send(
            Address.Http address, @Nullable InetAddress checked, Map<String, String> headers, Buffer body, Instant at) {
        var options = new RequestOptions()
                .setMethod(address.method())
                .setAbsoluteURI(address.uri().toString())
                .setFollowRedirects(false)
                // There are five for a host: who waits for one of them waits for an answer like everybody else.
                .setConnectTimeout(timeout.toMillis())
                .putHeader("user-agent", "redrive");
        headers.forEach(options::putHeader);
        if (checked != null) {
            options.setServer(SocketAddress.inetSocketAddress(address.port(), checked.getHostAddress()));
        }
        return client.request(options)
                .compose(opened -> exchange(opened, body))
                .map(response -> answer(response, at))
                .otherwise(failure -> new Answer.Unreachable(reason(failure)));
    }

    Future<Void> close() {
        return client.close();
    }

    private Future<HttpClientResponse> exchange(HttpClientRequest request, Buffer body) {
        return (body.length() == 0 ? request.send() : request.send(body))
                .onSuccess(this::discard)
                .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .onFailure(failure -> request.reset());
    }

    /**
     * A short body is read to its end so that the connection can be used again; nothing of it is kept. One without an end
     * would keep the connection for ever.
     */
    private void discard(HttpClientResponse response) {
        var read = new int[1];
        var connection = response.request().connection();
        response.exceptionHandler(ignored -> {}).handler(bytes -> {
            read[0] += bytes.length();
            if (read[0] > RESPONSE_BYTES) {
                connection.close();
            }
        });
        response.end().timeout(timeout.toMillis(), TimeUnit.MILLISECONDS).onFailure(late -> connection.close());
    }

    private static Answer answer(HttpClientResponse response, Instant at) {
        int status = response.statusCode();
        if (status >= 200 && status < 300) {
            return new Answer.Accepted(status);
        }
        return status == 410
                ? new Answer.Gone()
                : new Answer.Refused(status, retryAfter(response.getHeader("retry-after"), at));
    }

    /** Seconds or an HTTP date (RFC 9110 §10.2.3); anything else asks for nothing. */
    static Duration retryAfter(@Nullable String header, Instant at) {
        if (header == null) {
            return Duration.ZERO;
        }
        if (header.matches("\\d{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(header));
        }
        return DATES.stream()
                .flatMap(format -> date(header, format).stream())
                .filter(date -> date.isAfter(at))
                .map(date -> Duration.between(at, date))
                .findFirst()
                .orElse(Duration.ZERO);
    }

    private static Optional<Instant> date(String header, DateTimeFormatter format) {
        try {
            return Optional.of(format.parse(header, Instant::from));
        } catch (DateTimeParseException another) {
            return Optional.empty();
        }
    }

    private String reason(Throwable failure) {
        if (failure instanceof TimeoutException) {
            return "no answer within " + timeout.toMillis() + " ms";
        }
        if (failure instanceof UnknownHostException) {
            return "host not found";
        }
        if (failure instanceof SSLException) {
            return "TLS failed";
        }
        return failure instanceof ConnectException
                ? "connection refused"
                : "no answer: " + failure.getClass().getSimpleName();
    }
}
