package dev.redrive.letter;

import static java.util.Objects.requireNonNullElse;

import dev.redrive.Sha256;
import dev.redrive.http.Call;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Routes;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The exact bytes of one part of a letter, always as a download: no browser shall take them for a page. */
public final class PayloadRoutes implements Routes {

    /** https://www.rfc-editor.org/rfc/rfc9110#name-range, one range. */
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    private final LetterStore store;

    public PayloadRoutes(LetterStore store) {
        this.store = store;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("getPayload").addHandler(Call.streaming(this::get));
    }

    private Future<Void> get(Call call) {
        return LetterContentStore.content(store.pool(), call.id()).compose(found -> {
            var letter = found.orElseThrow(() -> LetterRoutes.absent(call));
            return letter.storage() == Storage.POINTER ? gone(call) : send(call, letter.original());
        });
    }

    private Future<Void> gone(Call call) {
        return store.find(call.id()).map(found -> {
            boolean purged = found.isPresent() && Status.of(found.get().getString("status")) == Status.PURGED;
            throw new RefusedException(
                    ProblemCode.GONE,
                    purged
                            ? "The letter was purged; its position and its hash are kept"
                            : "The record is larger than what is stored; only Kafka may still hold it");
        });
    }

    private static Future<Void> send(Call call, Content content) {
        var part = call.query("part", "value");
        var bytes = part(call, part, content);
        var response = call.response();
        if (bytes == null) {
            return response.setStatusCode(204).end();
        }
        // The name is made of our own words and a number, so nothing of the record gets into a header.
        response.putHeader(HttpHeaders.CONTENT_TYPE, "application/octet-stream")
                .putHeader("Content-Disposition", "attachment; filename=\"letter-" + call.id() + "-" + part + ".bin\"")
                .putHeader("Accept-Ranges", "bytes")
                .putHeader("Repr-Digest", "sha-256=:" + digest(bytes) + ":")
                .putHeader(HttpHeaders.CONTENT_ENCODING, HttpHeaders.IDENTITY);
        var range = call.header("Range");
        return range == null ? response.end(bytes) : sendRange(call, bytes, range);
    }

    private static Future<Void> sendRange(Call call, Buffer bytes, String range) {
        var matcher = RANGE.matcher(range);
        if (!matcher.matches() || range.equals("bytes=-")) {
            // A header that is not understood is ignored, as RFC 9110 has it.
            return call.response().end(bytes);
        }
        long size = bytes.length();
        boolean suffix = matcher.group(1).isEmpty();
        long first = suffix ? Math.max(0, size - Long.parseLong(matcher.group(2))) : Long.parseLong(matcher.group(1));
        long last =
                suffix || matcher.group(2).isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(matcher.group(2)));
        if (first > last) {
            call.response().putHeader(HttpHeaders.CONTENT_RANGE, "bytes */" + size);
            throw new RefusedException(ProblemCode.RANGE_NOT_SATISFIABLE, "There are " + size + " bytes");
        }
        return call.response()
                .setStatusCode(206)
                .putHeader(HttpHeaders.CONTENT_RANGE, "bytes " + first + "-" + last + "/" + size)
                .end(bytes.getBuffer((int) first, (int) last + 1));
    }

    private static @Nullable Buffer part(Call call, String part, Content content) {
        return switch (part) {
            case "key" -> content.key();
            case "value" -> content.value();
            default -> header(call, content);
        };
    }

    private static @Nullable Buffer header(Call call, Content content) {
        int index = call.number("index", -1);
        if (index < 0) {
            throw RefusedException.invalidParameter("index", "Say which header, from 0");
        }
        if (index >= content.headers().size()) {
            throw RefusedException.notFound(
                    "The letter has " + content.headers().size() + " headers");
        }
        return content.headers().get(index).value();
    }

    private static String digest(Buffer bytes) {
        return Base64.getEncoder().encodeToString(Sha256.of(bytes.getBytes()));
    }
}
