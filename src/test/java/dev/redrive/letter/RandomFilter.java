package dev.redrive.letter;

import static dev.redrive.letter.RandomLetter.pick;

import dev.redrive.filter.Field;
import dev.redrive.filter.Filter;
import dev.redrive.filter.Filter.And;
import dev.redrive.filter.Filter.Match;
import dev.redrive.filter.Filter.Not;
import dev.redrive.filter.Filter.Or;
import dev.redrive.filter.Filter.Words;
import dev.redrive.filter.Value;
import dev.redrive.filter.Value.Moment;
import dev.redrive.filter.Value.Numbers;
import dev.redrive.filter.Value.Text;
import dev.redrive.filter.Value.Times;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Filters of the words that {@link RandomLetter} is made of. */
record RandomFilter(Random random) {

    private static final List<String> PATHS = List.of(
            "order.id",
            "order.total",
            "order.ok",
            "order.none",
            "order",
            "tags[0]",
            "tags[2][0]",
            "tags",
            "\"na me\"",
            "\"0\"",
            "\"0\".order",
            "\"1\"",
            "\"ü\"",
            "empty",
            "nowhere.x");
    private static final List<String> HEADERS = List.of("tenant", "Tenant", "traceparent", "ü", "h".repeat(200), "no");

    Filter next() {
        return next(3);
    }

    private Filter next(int depth) {
        int kind = random.nextInt(depth == 0 ? 3 : 8);
        return switch (kind) {
            case 3, 4 -> new And(parts(depth));
            case 5 -> new Or(parts(depth));
            case 6 -> new Not(next(depth - 1));
            case 7 -> new Words(word(), false, 0, 0);
            default -> match(pick(random, NaiveFilter.fields()));
        };
    }

    private List<Filter> parts(int depth) {
        return Stream.generate(() -> next(depth - 1))
                .limit(2 + random.nextInt(2))
                .toList();
    }

    private Match match(Field field) {
        var path = field == Field.PAYLOAD ? pick(random, PATHS) : field == Field.HEADER ? pick(random, HEADERS) : null;
        return new Match(
                field,
                path,
                Stream.generate(() -> value(field)).limit(1 + random.nextInt(2)).toList(),
                0,
                1);
    }

    private Value value(Field field) {
        return switch (field.kind()) {
            case TEXT -> text(field);
            case NUMBER -> numbers(field == Field.OFFSET || field == Field.ID ? 200 : 5);
            case SIZE -> numbers(120);
            case TIME -> times();
            case WORD -> new Text(pick(random, words(field)), false);
        };
    }

    /** Those that letters know. */
    private static List<String> words(Field field) {
        var unknown = List.of(
                "new",
                "ongoing",
                "escalating",
                "regressed",
                "snoozed",
                "resolved",
                "ticket",
                "runbook",
                "label",
                "uncertain");
        return field.words().stream()
                .filter(word -> !unknown.contains(word))
                .sorted()
                .toList();
    }

    private Text text(Field field) {
        List<@Nullable String> pool = new ArrayList<>(
                switch (field) {
                    case TOPIC -> RandomLetter.TOPICS;
                    case ORIGIN, CONSUMER -> RandomLetter.NAMES;
                    case CONVENTION -> RandomLetter.CONVENTIONS;
                    case CLASS, CAUSE -> RandomLetter.CLASSES;
                    case ERROR -> RandomLetter.MESSAGES;
                    case KEY -> RandomLetter.KEYS;
                    case ASSIGNEE -> RandomLetter.PEOPLE;
                    case TAG -> RandomLetter.TAGS;
                    case JOB -> RandomLetter.JOBS;
                    case TRACE -> RandomLetter.TRACES;
                    case HEADER -> List.of("acme", "acme-2", "", "v".repeat(300), "00-" + RandomLetter.TRACES.get(0));
                    default -> RandomLetter.WORDS;
                });
        if (field == Field.PAYLOAD) {
            RandomLetter.DOCUMENTS.values().forEach(leaves -> pool.addAll(leaves.values()));
        }
        pool.removeIf(Objects::isNull);
        var text = String.valueOf(pick(random, pool)).replace("\0", "");
        boolean prefix = random.nextInt(3) == 0;
        int cut = prefix && !text.isEmpty() ? 1 + random.nextInt(text.length()) : text.length();
        // A beginning may be any part of a word, and need not be there at all.
        return new Text(text.substring(0, cut) + (random.nextInt(12) == 0 ? "?" : ""), prefix);
    }

    private String word() {
        return pick(random, RandomLetter.WORDS);
    }

    private Numbers numbers(int most) {
        long from = random.nextInt(most);
        return switch (random.nextInt(4)) {
            case 0 -> new Numbers(from, null);
            case 1 -> new Numbers(null, from);
            case 2 -> new Numbers(from, from + random.nextInt(3));
            default -> new Numbers(from, from);
        };
    }

    private Times times() {
        var from = new Moment.At(RandomLetter.BEGIN.plus(random.nextInt(100 * 3600), ChronoUnit.SECONDS));
        return switch (random.nextInt(3)) {
            case 0 -> new Times(from, null);
            case 1 -> new Times(null, from);
            default ->
                new Times(from, new Moment.At(from.instant().plus(1 + random.nextInt(50_000), ChronoUnit.SECONDS)));
        };
    }
}
