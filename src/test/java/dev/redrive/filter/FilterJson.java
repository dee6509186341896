package dev.redrive.filter;

import dev.redrive.filter.Value.Moment;
import dev.redrive.filter.Value.Numbers;
import dev.redrive.filter.Value.Text;
import dev.redrive.filter.Value.Times;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A filter as cases.json and the parser in TypeScript have it, without positions. */
final class FilterJson {

    private FilterJson() {}

    static JsonObject of(Filter filter) {
        if (filter instanceof Filter.Match match) {
            var values = new JsonArray();
            match.anyOf().forEach(value -> values.add(of(value)));
            return new JsonObject()
                    .put("field", match.field().word())
                    .put("path", match.path())
                    .put("values", values);
        }
        if (filter instanceof Filter.Words words) {
            return new JsonObject().put("words", words.text()).put("prefix", words.prefix());
        }
        if (filter instanceof Filter.Not not) {
            return new JsonObject().put("not", of(not.part()));
        }
        if (filter instanceof Filter.And and) {
            return new JsonObject().put("and", all(and.parts()));
        }
        return filter instanceof Filter.Or or
                ? new JsonObject().put("or", all(or.parts()))
                : new JsonObject().put("all", true);
    }

    private static JsonArray all(List<Filter> parts) {
        var array = new JsonArray();
        parts.forEach(part -> array.add(of(part)));
        return array;
    }

    private static JsonObject of(Value value) {
        if (value instanceof Text text) {
            return new JsonObject().put("text", text.text()).put("prefix", text.prefix());
        }
        if (value instanceof Numbers numbers) {
            return new JsonObject().put("min", text(numbers.from())).put("max", text(numbers.to()));
        }
        var times = (Times) value;
        return new JsonObject().put("from", of(times.from())).put("to", of(times.to()));
    }

    private static @Nullable String text(@Nullable Long number) {
        return number == null ? null : number.toString();
    }

    private static @Nullable JsonObject of(@Nullable Moment moment) {
        if (moment instanceof Moment.Ago ago) {
            return new JsonObject().put("ago", ago.age().toSeconds());
        }
        // The text has milliseconds always; Instant's own has them only where they are not 0.
        return moment == null
                ? null
                : new JsonObject()
                        .put(
                                "at",
                                FilterText.of(new Filter.Match(
                                                Field.TS,
                                                null,
                                                List.of(new Times(null, new Moment.At(moment.at(Instant.EPOCH)))),
                                                0,
                                                0))
                                        .substring("ts:..".length()));
    }

    static JsonObject of(FilterException error) {
        return new JsonObject()
                .put("start", error.position())
                .put("end", error.end())
                .put("message", error.getMessage())
                .put("suggestion", error.suggestion());
    }

    /** What the parser makes of the text: {@code {"tree":…}} or {@code {"error":…}}. */
    static JsonObject parsed(String text) {
        try {
            return new JsonObject().put("tree", of(FilterParser.parse(text)));
        } catch (FilterException error) {
            return new JsonObject().put("error", of(error));
        }
    }
}
