package dev.redrive.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The parser in TypeScript reads the same cases: ui/tests/unit/filter.spec.ts. */
class FilterParserTest {

    static List<JsonObject> cases() throws IOException {
        var text = Files.readString(Path.of("src/test/resources/filter/cases.json"));
        return new JsonArray(text).stream().map(JsonObject.class::cast).toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void readsEachCaseAsItIsWrittenDown(JsonObject expected) {
        var parsed = FilterJson.parsed(expected.getString("q"));
        assertThat(parsed.getJsonObject("tree")).isEqualTo(expected.getJsonObject("tree"));
        assertThat(parsed.getJsonObject("error")).isEqualTo(expected.getJsonObject("error"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void readsItsOwnWritingAsTheSameFilter(JsonObject expected) {
        if (expected.containsKey("tree")) {
            var filter = FilterParser.parse(expected.getString("q"));
            var text = FilterText.of(filter);
            assertThat(FilterJson.of(FilterParser.parseStored(text))).as(text).isEqualTo(FilterJson.of(filter));
        }
    }

    @Test
    void readsWhatItWroteOfTheLongestFilterWithItsAgesResolved() {
        var terms = String.join(" ", Collections.nCopies(2, "ts:" + String.join(",", Collections.nCopies(498, ">1s"))));
        var filter = (Filter.And) FilterParser.parse(terms);
        var resolved = new Filter.And(filter.parts().stream()
                .map(part -> (Filter.Match) part)
                .map(term -> new Filter.Match(term.field(), term.path(), Collections.nCopies(498, at()), 0, 0))
                .map(Filter.class::cast)
                .toList());
        var text = FilterText.of(resolved);
        assertThat(text).hasSizeGreaterThan(25_000);
        assertThat(FilterJson.of(FilterParser.parseStored(text))).isEqualTo(FilterJson.of(resolved));
        assertThatThrownBy(() -> FilterParser.parse(text)).isInstanceOf(FilterException.class);
    }

    private static Value at() {
        return new Value.Times(null, new Value.Moment.At(Instant.parse("2026-11-24T14:00:00Z")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ts:2026-12-01..1h",
                "-ts:1h..2026-11-20",
                "ts:2026-11-29T15:00Z..1h",
                "ts:9998-12-31",
                "ts:>1900-01-01T00:00+14:00"
            })
    void readsAgainWhatIsNoSpanOnceItsAgesAreResolved(String q) {
        var frozen = FrozenFilter.of(FilterParser.parse(q), Instant.parse("2026-11-29T16:00:00Z"));
        assertThat(FilterJson.of(FilterParser.parseStored(FilterText.of(frozen))))
                .isEqualTo(FilterJson.of(frozen));
    }

    @Test
    void hasThreeHundredCasesOfWhichManyAreHostile() throws IOException {
        assertThat(cases()).hasSizeGreaterThanOrEqualTo(300);
        assertThat(cases().stream().filter(one -> one.containsKey("error"))).hasSizeGreaterThanOrEqualTo(80);
    }

    @Test
    void tellsThePartsOfAPayloadPath() {
        assertThat(PathReader.segments("items[0].\"a.b\".sku")).containsExactly("items", "0", "a.b", "sku");
    }
}
