package dev.redrive.letter;

import dev.redrive.filter.Field;
import dev.redrive.filter.Filter;
import dev.redrive.filter.Filter.Match;
import dev.redrive.filter.FilterException;
import dev.redrive.filter.FilterParser;
import dev.redrive.filter.FilterText;
import dev.redrive.filter.Value;
import dev.redrive.filter.Value.Moment;
import dev.redrive.filter.Value.Numbers;
import dev.redrive.filter.Value.Text;
import dev.redrive.filter.Value.Times;
import dev.redrive.http.Call;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a request asks of letters, as one filter: each parameter that was given narrows. */
public final class LetterQueries {

    /** Every parameter that decides what a list of letters holds. */
    static final List<String> FILTERS =
            List.of("q", "status", "topic", "failureGroup", "convention", "from", "to", "key", "error");

    private final Clock clock;

    public LetterQueries(Clock clock) {
        this.clock = clock;
    }

    /** @throws RefusedException where the text is no filter */
    public LetterScope scope(Call call, String q) {
        return new LetterScope(parse(q), clock.instant(), call.actor());
    }

    /** @throws RefusedException where a parameter is wrong */
    LetterScope scope(Call call) {
        var all = new ArrayList<>(LetterCondition.conjuncts(parse(call.query("q", ""))));
        for (var name : FILTERS) {
            var value = call.query(name);
            if (value != null && !name.equals("q")) {
                all.add(term(name, value));
            }
        }
        return new LetterScope(joined(all), clock.instant(), call.actor());
    }

    static Filter joined(List<Filter> all) {
        return all.isEmpty() ? new Filter.All() : all.size() == 1 ? all.get(0) : new Filter.And(all);
    }

    /** The same for filters that mean the same list. */
    static String identity(LetterScope scope) {
        return "dead-letters\n" + FilterText.of(scope.filter());
    }

    static Filter parse(String q) {
        try {
            return FilterParser.parse(q);
        } catch (FilterException invalid) {
            throw refused(invalid);
        }
    }

    private static RefusedException refused(FilterException invalid) {
        return new RefusedException(
                ProblemCode.QUERY_INVALID, String.valueOf(invalid.getMessage()), new JsonObject(invalid.place()));
    }

    /** A filter that is refused only where it is compiled is the caller's mistake all the same. */
    public static <T> Future<T> refusing(Future<T> answer) {
        return answer.recover(failure ->
                Future.failedFuture(failure instanceof FilterException invalid ? refused(invalid) : failure));
    }

    private static Filter term(String name, String value) {
        if (value.indexOf('\0') >= 0) {
            throw RefusedException.invalidParameter(name, "A filter holds no NUL");
        }
        return switch (name) {
            case "status" ->
                match(
                        Field.STATUS,
                        Arrays.stream(value.split(",")).map(LetterQueries::text).toList());
            case "failureGroup" -> match(Field.GROUP, List.of(number(Long.parseLong(value))));
            case "from" -> match(Field.TS, List.of(new Times(time(name, value), null)));
            case "to" -> match(Field.TS, List.of(new Times(null, time(name, value))));
            case "topic" -> match(Field.TOPIC, List.of(text(value)));
            case "convention" -> match(Field.CONVENTION, List.of(text(value)));
            case "key" -> match(Field.KEY, List.of(text(value)));
            default -> match(Field.ERROR, List.of(text(value)));
        };
    }

    static Match match(Field field, List<Value> anyOf) {
        return new Match(field, null, anyOf, 0, 0);
    }

    private static Value text(String value) {
        return new Text(value, false);
    }

    private static Value number(long value) {
        return new Numbers(value, value);
    }

    private static Moment time(String parameter, String text) {
        return new Moment.At(instant(parameter, text));
    }

    /** RFC 3339, or a date, or a date and a time to the minute; without an offset it is UTC. */
    static Instant instant(String parameter, String text) {
        try {
            if (text.length() <= 10) {
                return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
            }
            boolean offset = text.endsWith("Z") || text.lastIndexOf('+') > 10 || text.lastIndexOf('-') > 10;
            var time = offset
                    ? OffsetDateTime.parse(text)
                    : LocalDateTime.parse(text).atOffset(ZoneOffset.UTC);
            if (time.getYear() < 1900 || time.getYear() > 9999) {
                throw RefusedException.invalidParameter(parameter, "Expected a year from 1900 to 9999");
            }
            return time.toInstant();
        } catch (DateTimeException noTime) {
            throw RefusedException.invalidParameter(parameter, "Expected a time such as 2026-11-23T02:00Z");
        }
    }
}
