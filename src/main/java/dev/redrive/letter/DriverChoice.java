package dev.redrive.letter;

import dev.redrive.filter.Field;
import dev.redrive.filter.Filter;
import dev.redrive.filter.Filter.Match;
import dev.redrive.filter.Filter.Not;
import dev.redrive.filter.Value.Numbers;
import dev.redrive.filter.Value.Text;
import dev.redrive.filter.Value.Times;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Which index the terms of a filter offer, apart from those whose letters are counted; see {@link LetterPlanStore}. */
final class DriverChoice {

    private static final int MOST_HOURS = 100;
    private static final int SECONDS_AN_HOUR = 3_600;
    private static final Set<String> WENT_WRONG = Set.of("failed", "returned", "uncertain");

    private final LetterScope scope;
    private final List<Filter> all;
    private @Nullable Driver selective;
    private final List<Filter> covered = new ArrayList<>();
    private Driver.Probe.@Nullable Hits hits;
    private Driver.@Nullable Hours hours;

    private DriverChoice(LetterScope scope, List<Filter> all) {
        this.scope = scope;
        this.all = all;
    }

    static DriverChoice of(LetterScope scope, List<Filter> all) {
        var choice = new DriverChoice(scope, all);
        all.stream().filter(Match.class::isInstance).map(Match.class::cast).forEach(choice::consider);
        return choice;
    }

    private void consider(Match match) {
        switch (match.field()) {
            case ID -> exactly(match).ifPresent(ids -> take(new Driver.Ids(ids), match, true));
            case KEY -> key(match);
            case OFFSET -> coordinates(match);
            case TAG, JOB, ASSIGNEE -> small(match);
            case OUTCOME -> outcome(match);
            case IS, HAS -> word(match);
            case TS -> hours = hours == null ? hours(match) : hours;
            default -> {}
        }
    }

    private void word(Match match) {
        var words = Columns.texts(match);
        switch (words.size() == 1 ? match.field().word() + ":" + words.get(0).text() : "") {
            case "is:loop" -> take(Driver.Rare.LOOPING, match, true);
            case "has:note" -> take(Driver.Rare.NOTED, match, true);
            case "has:tag" -> hits = TermHits.tagged();
            case "has:draft" -> hits = TermHits.drafted();
            case "is:mine" -> assigned(scope.caller() == null ? List.of() : List.of(scope.caller()), match);
            default -> {}
        }
    }

    /** Terms whose letters have an index of their own. */
    private void small(Match match) {
        var texts = Columns.texts(match);
        if (texts.stream().anyMatch(Text::prefix)) {
            return;
        }
        var values = texts.stream().map(Text::text).distinct().toList();
        if (match.field() == Field.JOB && values.size() == 1) {
            take(new Driver.OfJob(values.get(0)), match, true);
            return;
        }
        switch (match.field()) {
            case ASSIGNEE -> assigned(values, match);
            case TAG -> hits = TermHits.tagged(values);
            case JOB -> hits = TermHits.ofJobs(values);
            default -> {}
        }
    }

    /** Replays that went well are too many; of each other one its letter may have been replayed again since. */
    private void outcome(Match match) {
        var words = Columns.texts(match).stream().map(Text::text).distinct().toList();
        if (WENT_WRONG.containsAll(words)) {
            hits = TermHits.wentWrong(words);
        }
    }

    private void assigned(List<String> names, Match match) {
        take(new Driver.Assigned(names), match, true);
    }

    private void take(Driver driver, Filter term, boolean exact) {
        if (selective == null) {
            selective = driver;
            if (exact) {
                covered.add(term);
            }
        }
    }

    private void key(Match match) {
        var texts = Columns.texts(match);
        if (texts.stream().noneMatch(Text::prefix)) {
            var keys = texts.stream().map(text -> start(text.text())).distinct().toList();
            boolean whole = keys.stream().allMatch(key -> key.length() < Driver.Keys.START);
            take(new Driver.Keys(keys), match, whole);
        } else if (texts.size() <= KeyRange.MOST) {
            var starts =
                    texts.stream().map(text -> start(text.text())).distinct().toList();
            hits = new KeyRange(starts);
        }
    }

    private static Buffer start(String key) {
        var bytes = Buffer.buffer(key);
        return bytes.getBuffer(0, Math.min(bytes.length(), Driver.Keys.START));
    }

    private void coordinates(Match offset) {
        var offsets = exactly(offset);
        var topic = find(Field.TOPIC);
        if (offsets.isEmpty() || topic == null) {
            return;
        }
        hits = TermHits.at(topic, find(Field.PARTITION), offsets.get());
    }

    private @Nullable Match find(Field field) {
        return all.stream()
                .filter(Match.class::isInstance)
                .map(Match.class::cast)
                .filter(match -> match.field() == field)
                .findFirst()
                .orElse(null);
    }

    private Driver.@Nullable Hours hours(Match match) {
        var ends = new ArrayList<Instant>();
        for (var value : match.anyOf()) {
            var times = (Times) value;
            var from = times.from();
            var until = times.to();
            if (from == null) {
                return null;
            }
            ends.add(from.at(scope.asOf()));
            // No letter failed after it was stored.
            ends.add(until == null ? scope.asOf().plusSeconds(SECONDS_AN_HOUR) : until.at(scope.asOf()));
        }
        long first = ends.stream().mapToLong(Instant::getEpochSecond).min().orElse(0) / SECONDS_AN_HOUR;
        long last = ends.stream().mapToLong(Instant::getEpochSecond).max().orElse(0) / SECONDS_AN_HOUR;
        boolean fits = first >= 0 && last >= first && last - first < MOST_HOURS && last < Integer.MAX_VALUE;
        return fits
                ? new Driver.Hours(
                        (int) first,
                        (int) last,
                        scope,
                        all.stream().filter(Driver.Hours::knows).toList())
                : null;
    }

    /** @return the numbers of a term that names nothing but single ones */
    static Optional<List<Long>> exactly(Match match) {
        var numbers = match.anyOf().stream().map(Numbers.class::cast).toList();
        boolean single = numbers.stream().allMatch(one -> one.from() != null && Objects.equals(one.from(), one.to()));
        return single
                ? Optional.of(numbers.stream().map(Numbers::from).distinct().toList())
                : Optional.empty();
    }

    /** Whether an index finds so few letters that nothing else need be asked. */
    boolean isSelective() {
        return selective != null;
    }

    /** Terms about kinds of letters that came back; empty where another index is taken. */
    List<Filter> kindsOfLooping() {
        return selective == Driver.Rare.LOOPING ? LetterPlanStore.within(all, Reach.KIND) : List.of();
    }

    /** @param seenTo what this driver sees to besides */
    LetterPlan plan(Driver.Looping driver, List<Filter> seenTo) {
        covered.addAll(seenTo);
        return new LetterPlan(scope, driver, without(covered), null);
    }

    Driver.@Nullable Hours hours() {
        return hours;
    }

    /** @param base for want of anything better */
    LetterPlan plan(Driver base) {
        if (selective != null) {
            return new LetterPlan(scope, selective, without(covered), null);
        }
        var time = hours;
        return time == null || hits != null
                ? new LetterPlan(scope, probed(time == null ? base : time), all, null)
                : new LetterPlan(scope, time, without(time.terms()), null);
    }

    LetterPlan plan(LetterPlanStore.Counted counted) {
        boolean exact = hits == null;
        return new LetterPlan(
                scope,
                probed(counted.driver()),
                exact ? without(counted.covered()) : all,
                exact && counted.isWhole() ? counted.letters() : null);
    }

    private Driver probed(Driver base) {
        return hits == null ? base : new Driver.Probe(hits, base);
    }

    private List<Filter> without(List<Filter> seenTo) {
        return all.stream().filter(part -> !seenTo.contains(part)).toList();
    }

    /** What a filter within {@link Reach#TALLY} is about. */
    static boolean touches(Filter filter, Predicate<Match> term) {
        if (filter instanceof Match match) {
            return term.test(match);
        }
        return filter instanceof Not not
                ? touches(not.part(), term)
                : LetterCondition.parts(filter).stream().anyMatch(part -> touches(part, term));
    }
}
