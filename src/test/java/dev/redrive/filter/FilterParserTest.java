package dev.redrive.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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
            if (text.length() <= FilterParser.MOST_CHARACTERS) {
                assertThat(FilterJson.of(FilterParser.parse(text))).as(text).isEqualTo(FilterJson.of(filter));
            }
        }
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
