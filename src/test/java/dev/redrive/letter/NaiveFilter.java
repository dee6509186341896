package dev.redrive.letter;

import dev.redrive.filter.Field;
import dev.redrive.filter.Filter;
import dev.redrive.filter.Filter.And;
import dev.redrive.filter.Filter.Match;
import dev.redrive.filter.Filter.Not;
import dev.redrive.filter.Filter.Or;
import dev.redrive.filter.Filter.Words;
import dev.redrive.filter.PathReader;
import dev.redrive.filter.Value;
import dev.redrive.filter.Value.Numbers;
import dev.redrive.filter.Value.Text;
import dev.redrive.filter.Value.Times;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a filter means, letter by letter: slow, and plain enough to be believed. */
record NaiveFilter(Instant now, String caller) {

    /** UNKNOWN is what is said of a value that nobody read. In the order of Kleene's logic. */
    enum Truth {
        NO,
        UNKNOWN,
        YES
    }

    boolean fits(Filter filter, RandomLetter letter) {
        return truth(filter, letter) == Truth.YES;
    }

    Truth truth(Filter filter, RandomLetter letter) {
        if (filter instanceof And and) {
            return truths(and.parts(), letter).min(Comparator.naturalOrder()).orElseThrow();
        }
        if (filter instanceof Or or) {
            return truths(or.parts(), letter).max(Comparator.naturalOrder()).orElseThrow();
        }
        if (filter instanceof Not not) {
            return Truth.values()[2 - truth(not.part(), letter).ordinal()];
        }
        if (filter instanceof Words words) {
            return truth(words(words.text(), letter), letter.storage() == Storage.INLINE);
        }
        return !(filter instanceof Match match)
                ? Truth.YES
                : truth(
                        match.anyOf().stream().anyMatch(value -> fits(match, value, letter)),
                        letter.storage() == Storage.INLINE || !asksValue(match));
    }

    private Stream<Truth> truths(List<Filter> parts, RandomLetter letter) {
        return parts.stream().map(part -> truth(part, letter));
    }

    private static Truth truth(boolean fits, boolean read) {
        return fits ? Truth.YES : read ? Truth.NO : Truth.UNKNOWN;
    }

    private static boolean asksValue(Match match) {
        return match.field() == Field.PAYLOAD
                || match.field() == Field.IS && match.anyOf().contains(new Text("binary", false));
    }

    private boolean fits(Match match, Value value, RandomLetter letter) {
        return switch (match.field()) {
            case TOPIC -> text(letter.topic(), value);
            case ORIGIN -> text(letter.originTopic(), value);
            case CONSUMER -> text(letter.originGroup(), value);
            case CONVENTION -> text(letter.convention(), value);
            case CLASS -> className(letter.exceptionClass(), value) || className(letter.causeClass(), value);
            case CAUSE -> className(letter.causeClass(), value);
            case ERROR -> error(letter, (Text) value);
            case KEY -> bytes(letter.key(), (Text) value);
            case STATUS -> text(letter.status().word(), value);
            case ASSIGNEE -> text(letter.assignee(), value);
            case OUTCOME -> text(letter.outcome(), value);
            case JOB -> text(letter.job(), value);
            case TAG -> letter.tags().stream().anyMatch(tag -> text(tag, value));
            case GROUP -> number(letter.group(), value);
            case ID -> number(letter.id(), value);
            case PARTITION -> number((long) letter.partition(), value);
            case OFFSET -> number(letter.offset(), value);
            case ATTEMPT -> number(letter.attempts() == null ? null : (long) letter.attempts(), value);
            case SIZE ->
                number(letter.value() == null ? null : (long) letter.value().length(), value);
            case TS -> time(letter.failedAt(), (Times) value);
            case HEADER -> headers(letter, match.path(), header -> bytes(header, (Text) value));
            case TRACE -> headers(letter, "traceparent", header -> trace(header, (Text) value));
            case PAYLOAD ->
                text(letter.leaves().get(String.join(".", PathReader.segments(String.valueOf(match.path())))), value);
            case IS -> is(letter, ((Text) value).text());
            case HAS -> has(letter, ((Text) value).text());
            case STATE, LABEL, SEVERITY, RULE ->
                throw new IllegalArgumentException(match.field() + " is not known of letters");
        };
    }

    private static boolean text(@Nullable String held, Value value) {
        var text = (Text) value;
        return held != null && (text.prefix() ? held.startsWith(text.text()) : held.equals(text.text()));
    }

    private static boolean className(@Nullable String held, Value value) {
        var text = (Text) value;
        return held != null
                && (text(held, value)
                        || (text.prefix() ? held.contains("." + text.text()) : held.endsWith("." + text.text())));
    }

    private static boolean error(RandomLetter letter, Text text) {
        var wanted = text.text().toLowerCase(Locale.ROOT);
        return Stream.of(letter.message(), letter.exceptionClass(), letter.causeClass())
                .filter(Objects::nonNull)
                .map(held -> held.toLowerCase(Locale.ROOT))
                .anyMatch(held -> text.prefix() ? held.startsWith(wanted) : held.contains(wanted));
    }

    private static boolean words(String text, RandomLetter letter) {
        var value = letter.storage() == Storage.INLINE ? letter.value() : null;
        return error(letter, new Text(text, false)) || contains(letter.key(), text) || contains(value, text);
    }

    private static boolean contains(@Nullable Buffer held, String text) {
        return held != null && latin(held).contains(latin(Buffer.buffer(text)));
    }

    private static boolean bytes(@Nullable Buffer held, Text text) {
        if (held == null) {
            return false;
        }
        var wanted = latin(Buffer.buffer(text.text()));
        return text.prefix() ? latin(held).startsWith(wanted) : latin(held).equals(wanted);
    }

    /** A character for each byte. */
    private static String latin(Buffer bytes) {
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    private static boolean number(@Nullable Long held, Value value) {
        var numbers = (Numbers) value;
        return held != null
                && (numbers.from() == null || held >= numbers.from())
                && (numbers.to() == null || held <= numbers.to());
    }

    private boolean time(Instant held, Times times) {
        return (times.from() == null || !held.isBefore(times.from().at(now)))
                && (times.to() == null || held.isBefore(times.to().at(now)));
    }

    private static boolean headers(RandomLetter letter, @Nullable String name, Predicate<Buffer> test) {
        return letter.headers().stream()
                .filter(header -> header.name().equals(name))
                .map((Function<Header, @Nullable Buffer>) Header::value)
                .filter(Objects::nonNull)
                .anyMatch(test);
    }

    private static boolean trace(Buffer header, Text text) {
        var id = latin(header).split("-", -1);
        return id.length > 1 && text(id[1], new Text(text.text().toLowerCase(Locale.ROOT), text.prefix()));
    }

    private boolean is(RandomLetter letter, String word) {
        return switch (word) {
            case "loop" -> letter.returns() > 0;
            case "edited" -> letter.draft();
            case "oversize" -> letter.storage() != Storage.INLINE && letter.status() != Status.PURGED;
            case "mine" -> caller.equals(letter.assignee());
            case "assigned" -> letter.assignee() != null;
            case "binary" -> letter.storage() == Storage.INLINE && letter.value() != null && !isText(letter.value());
            default -> letter.status().word().equals(word);
        };
    }

    private static boolean isText(Buffer value) {
        try {
            var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value.getBytes()));
            return text.toString().indexOf('\0') < 0;
        } catch (CharacterCodingException noText) {
            return false;
        }
    }

    private static boolean has(RandomLetter letter, String word) {
        return switch (word) {
            case "note" -> letter.notes() > 0;
            case "draft" -> letter.draft();
            case "stack" -> letter.hasTrace();
            case "trace" -> headers(letter, "traceparent", header -> true);
            case "key" -> letter.key() != null;
            case "value" -> letter.value() != null;
            case "payload" -> letter.payload().equals("present");
            case "parent" -> letter.parent() != null;
            case "tag" -> !letter.tags().isEmpty();
            case "assignee" -> letter.assignee() != null;
            default -> throw new IllegalArgumentException("has:" + word + " is not known of letters");
        };
    }

    /** The fields that {@link #fits} understands. */
    static List<Field> fields() {
        return Stream.of(Field.values())
                .filter(field -> !Set.of(Field.STATE, Field.LABEL, Field.SEVERITY, Field.RULE)
                        .contains(field))
                .toList();
    }
}
