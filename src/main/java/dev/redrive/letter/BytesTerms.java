package dev.redrive.letter;

import dev.redrive.filter.Filter.Match;
import dev.redrive.filter.Filter.Words;
import dev.redrive.filter.PathReader;
import dev.redrive.filter.Value.Text;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Terms over the bytes of a letter. Bytes are compared as they are, in UTF-8 and case included. What is cheap is asked
 * first and rules most letters out; CASE holds the order, which AND does not. A header that holds the stack trace is
 * not searched, nor is a value outside the row, see {@link Storage}.
 */
final class BytesTerms {

    static final String BINARY = "d.storage = 'inline' AND NOT letter_is_text(d.value)";

    /** The letter has a value, which lies outside the row; of a purged one nothing is left to be searched. */
    static final String UNREAD = "(d.storage = 'chunked' OR d.storage = 'pointer' AND d.payload <> 'absent')";

    private static final Buffer TRACEPARENT = Buffer.buffer("traceparent");

    /** Version, trace id, parent id, flags; see W3C Trace Context. */
    static final String HAS_TRACE = """
            CASE WHEN position('\\x0b7472616365706172656e74'::bytea IN d.headers) > 0 THEN EXISTS (
              SELECT FROM unnest(letter_headers(d.headers, 'traceparent'::bytea)) AS h
              WHERE letter_is_text(h) AND encode(h, 'escape') ~ '^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$')
            ELSE false END""";

    private static final Pattern TRACE_ID = Pattern.compile("[0-9a-f]{1,32}");

    private final Parameters to;
    private final RecordTerms records;

    BytesTerms(Parameters to, RecordTerms records) {
        this.to = to;
        this.records = records;
    }

    String sql(Match match) {
        var texts = Columns.texts(match);
        return switch (match.field()) {
            case HEADER -> header(String.valueOf(match.path()), texts);
            case TRACE -> trace(texts);
            case PAYLOAD -> payload(String.valueOf(match.path()), match);
            default -> throw StateTerms.unknown(match, match.field().word());
        };
    }

    /** Anywhere in the error, the key, the value or what an envelope held. */
    String words(Words words) {
        var bytes = to.bind(Buffer.buffer(words.text())) + "::bytea";
        return records.error(List.of(new Text(words.text(), false))) + " OR position(" + bytes
                + " IN d.key) > 0 OR position(" + bytes + " IN d.value) > 0 OR position(" + bytes
                + " IN d.unwrapped) > 0";
    }

    private String header(String name, List<Text> texts) {
        var nameBytes = Buffer.buffer(name);
        var before = Buffer.buffer();
        Bytes.bytes(before, nameBytes.getBytes());
        return has(
                before,
                texts,
                "EXISTS (SELECT FROM unnest(letter_headers(d.headers, " + to.bind(nameBytes) + "::bytea)) AS h WHERE "
                        + anyOf("h", texts) + ")");
    }

    /** Of the header {@code traceparent}; the id stands between its first two dashes. */
    private String trace(List<Text> texts) {
        var before = Buffer.buffer();
        Bytes.bytes(before, TRACEPARENT.getBytes());
        var ids = texts.stream()
                .map(text -> new Text(text.text().toLowerCase(Locale.ROOT), text.prefix()))
                .filter(text -> TRACE_ID.matcher(text.text()).matches())
                .toList();
        return ids.isEmpty()
                ? "false"
                : has(
                        before,
                        ids,
                        "EXISTS (SELECT FROM unnest(letter_headers(d.headers, " + to.bind(TRACEPARENT)
                                + "::bytea)) AS h WHERE " + anyOf("substring(h FROM 4 FOR 32)", ids) + ")");
    }

    private String has(Buffer name, List<Text> texts, String sure) {
        return "CASE WHEN position(" + to.bind(name) + "::bytea IN d.headers) > 0 AND EXISTS (SELECT FROM unnest("
                + to.bind(Columns.buffers(texts)) + "::bytea[]) AS part WHERE position(part IN d.headers) > 0) THEN "
                + sure + " ELSE false END";
    }

    private String anyOf(String column, List<Text> texts) {
        return "EXISTS (SELECT FROM unnest(" + to.bind(Columns.buffers(texts)) + "::bytea[], "
                + to.bind(texts.stream().map(Text::prefix).toArray(Boolean[]::new))
                + "::boolean[]) AS wanted (bytes, prefix) WHERE CASE WHEN prefix THEN substring(" + column
                + " FROM 1 FOR octet_length(bytes)) = bytes ELSE " + column + " = bytes END)";
    }

    /**
     * Where an envelope was opened, in what it held, and else in the envelope. A text in JSON stands there as it is,
     * unless something in it is escaped, which takes a backslash.
     */
    private String payload(String path, Match match) {
        var texts = Columns.texts(match);
        var bytes = to.bind(Columns.buffers(texts)) + "::bytea[]";
        var segments = to.bind(PathReader.segments(path).toArray(String[]::new)) + "::text[]";
        return "CASE WHEN EXISTS (SELECT FROM unnest(" + bytes + ") AS part WHERE position(part IN d.value) > 0"
                + " OR position(part IN d.unwrapped) > 0)"
                + " OR position('\\x5c'::bytea IN d.value) > 0 OR position('\\x5c'::bytea IN d.unwrapped) > 0 THEN "
                + Columns.text(to, at(segments), match) + " ELSE false END";
    }

    /** @param segments of a path; @return what stands there in the payload of {@code d}, as text */
    static String at(String segments) {
        return "coalesce(letter_payload(letter_unwrapped_value(d.unwrapped), " + segments
                + "), letter_payload(d.value, " + segments + "))";
    }
}
