package dev.redrive.convention;

import dev.redrive.letter.Failure;
import dev.redrive.letter.Payload;
import io.vertx.core.buffer.Buffer;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Confluent's Reporter (HTTP sink, some Salesforce sinks), as captured from its output. The value is a report for
 * people, not the record; the text {@code null} stands for nothing. The success topic has the same headers.
 */
final class ConfluentReporter implements Convention {
    private static final String ID = "confluent-reporter";
    private static final String TOPIC = "input_record_topic";
    private static final String PARTITION = "input_record_partition";
    private static final String OFFSET = "input_record_offset";
    private static final String TIMESTAMP = "input_record_timestamp";
    private static final String MESSAGE = "error_message";
    private static final String EXCEPTION = "exception";
    private static final String STATUS = "status_code";
    private static final String URL = "url";
    private static final Set<String> OWN = Set.of(TOPIC, PARTITION, OFFSET, TIMESTAMP);
    private static final Set<String> BORROWED =
            Set.of(MESSAGE, EXCEPTION, STATUS, URL, "response_content", "payload", "reason_phrase");
    private static final Set<String> NAMES = Names.union(OWN, BORROWED);

    /** At the beginning, or where the connector's own sentence comes to it. */
    private static final Pattern CLASS_NAME =
            Pattern.compile("(?:^|Exception : )([\\p{Alpha}_$][\\w$]*(?:\\.[\\w$]+)+)(?=[:\r\n]|$)");

    private static final Pattern FRAME = Pattern.compile("\\R\\s{1,16}at ");

    @Override
    public Set<String> own() {
        return OWN;
    }

    @Override
    public Set<String> borrowed() {
        return BORROWED;
    }

    @Override
    public @Nullable Sighting sight(Evidence evidence) {
        if (!evidence.has(TOPIC)) {
            return null;
        }
        Block block = evidence.newest(NAMES);
        String exception = fact(block, EXCEPTION);
        String message = fact(block, MESSAGE);
        String status = fact(block, STATUS);
        boolean succeeded = message == null && exception == null && succeeded(evidence, status);
        if (message == null && !succeeded) {
            message = exception != null ? withoutFrames(exception) : report(evidence.value());
        }
        Hop hop = Hop.at(ID, Text.topic(fact(block, TOPIC)), block.decimalInt(PARTITION), block.decimal(OFFSET))
                .timestamp(block.decimal(TIMESTAMP))
                .failed(new Failure(className(exception), null, message, stackTrace(exception), null))
                .detail("statusCode", status)
                .detail("url", fact(block, URL));
        return Sighting.of(hop).pointing(Payload.REPORT);
    }

    /** Successes have the four headers of the input record and no more. */
    private static boolean succeeded(Evidence evidence, @Nullable String status) {
        return status == null ? !evidence.hasAny(BORROWED) && !evidence.isHintedAt() : status.startsWith("2");
    }

    private static @Nullable String fact(Block block, String name) {
        String text = block.word(name);
        return "null".equals(text) ? null : text;
    }

    private static @Nullable String className(@Nullable String exception) {
        Matcher matcher = exception == null ? null : CLASS_NAME.matcher(exception);
        return matcher != null && matcher.find() ? matcher.group(1) : null;
    }

    private static @Nullable String stackTrace(@Nullable String exception) {
        return exception != null && FRAME.matcher(exception).find() ? exception : null;
    }

    private static String withoutFrames(String exception) {
        Matcher frame = FRAME.matcher(exception);
        return frame.find() ? exception.substring(0, frame.start()) : exception;
    }

    private static @Nullable String report(@Nullable Buffer value) {
        Object json = value == null ? null : BoundedJson.read(value.getBytes());
        return json instanceof String text ? Text.clean(text) : Text.of(value);
    }

    /** The topic of successes is called whatever somebody likes, and has the same headers. */
    @Override
    public boolean showsFailure(Sighting sighting) {
        return sighting.newest().failure().message() != null;
    }

    @Override
    public boolean sharesTopics() {
        return true;
    }
}
