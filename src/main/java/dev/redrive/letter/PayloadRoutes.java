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
        var range = range(call, bytes.length());
        // The name is made of our own words and a number, so nothing of the record gets into a header.
        response.putHeader(HttpHeaders.CONTENT_TYPE, "application/octet-stream")
                .putHeader("Content-Disposition", "attachment; filename=\"letter-" + call.id() + "-" + part + ".bin\"")
                .putHeader("Accept-Ranges", "bytes")
                .putHeader("Repr-Digest", "sha-256=:" + digest(bytes) + ":")
                .putHeader(HttpHeaders.CONTENT_ENCODING, HttpHeaders.IDENTITY);
        return range == null
                ? response.end(bytes)
                : response.setStatusCode(206)
                        .putHeader(
                                HttpHeaders.CONTENT_RANGE,
                                "bytes " + range.first() + "-" + range.last() + "/" + bytes.length())
                        .end(bytes.getBuffer(range.first(), range.last() + 1));
    }

    /** @param last inclusive */
    private record Range(int first, int last) {}

    /** @return null for all of it: a header that is not understood is ignored, as RFC 9110 has it */
    private static @Nullable Range range(Call call, int size) {
        var matcher = RANGE.matcher(requireNonNullElse(call.header("Range"), ""));
        if (!matcher.matches() || matcher.group().equals("bytes=-")) {
            return null;
        }
        boolean suffix = matcher.group(1).isEmpty();
        long end = matcher.group(2).isEmpty() ? Long.MAX_VALUE : Long.parseLong(matcher.group(2));
        long first = suffix ? Math.max(0, size - end) : Long.parseLong(matcher.group(1));
        if (!suffix && end < first) {
            return null;
        }
        long last = suffix ? size - 1 : Math.min(size - 1, end);
        if (first > last) {
            call.response().putHeader(HttpHeaders.CONTENT_RANGE, "bytes */" + size);
            throw new RefusedException(ProblemCode.RANGE_NOT_SATISFIABLE, "There are " + size + " bytes");
        }
        return new Range((int) first, (int) last);
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
