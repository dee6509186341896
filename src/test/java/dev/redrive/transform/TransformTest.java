package dev.redrive.transform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a program can do to a value, and what it cannot do to us. */
class TransformTest {

    private static Vertx vertx;
    private static Transforms transforms;

    @BeforeAll
    static void open() {
        vertx = Vertx.vertx();
        transforms = new Transforms(vertx);
    }

    @AfterAll
    static void close() throws Exception {
        transforms.close().await(20, TimeUnit.SECONDS);
        vertx.close().await(20, TimeUnit.SECONDS);
    }

    private static Transformed made(String program, byte[] value) throws Exception {
        return transforms
                .apply(new Transform(program, true), List.of(Buffer.buffer(value)))
                .await(60, TimeUnit.SECONDS)
                .get(0);
    }

    private static Transformed made(String program, String value) throws Exception {
        return made(program, value.getBytes(UTF_8));
    }

    private static String changed(String program, String value) throws Exception {
        var made = made(program, value);
        assertThat(made).as(program).isInstanceOf(Transformed.Changed.class);
        return ((Transformed.Changed) made).value().toString(UTF_8);
    }

    private static String failed(String program, String value) throws Exception {
        var made = made(program, value);
        assertThat(made).as(program).isInstanceOf(Transformed.Failed.class);
        return ((Transformed.Failed) made).told();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`.amount |= tonumber`|{\"amount\":\"12.50\"}|{\"amount\":12.50}",
                "`.id |= tonumber`|{\"id\":\"9007199254740993\"}|{\"id\":9007199254740993}",
                "`.id += 1`|{\"id\":9223372036854775807}|{\"id\":9223372036854775808}",
                "`.a = .a * .b`|{\"a\":4000000000,\"b\":4000000000}|{\"a\":16000000000000000000,\"b\":4000000000}",
                "`.a += 0.2`|{\"a\":0.1}|{\"a\":0.3}",
                "`del(.b)`|{\"z\":1.0,\"b\":2,\"a\":1e3}|{\"z\":1.0,\"a\":1e3}",
                "`.b = true`|{\"z\":-0,\"y\":123456789012345678901234567890.10}|{\"z\":-0,\"y\":123456789012345678901234567890.10,\"b\":true}",
                "`walk(if type == \"number\" then . + 1 else . end)`|{\"b\":1,\"a\":[2]}|{\"b\":2,\"a\":[3]}",
                "`if .id == 9007199254740993 then .hit = true else . end`|{\"id\":9007199254740993}|{\"id\":9007199254740993,\"hit\":true}",
                "`.text = (.n | tostring)`|{\"n\":1.10}|{\"n\":1.10,\"text\":\"1.10\"}",
                "`[.items[] | select(.qty > 0)] as $i | .items = $i`|{\"items\":[{\"qty\":0},{\"qty\":2}]}|{\"items\":[{\"qty\":2}]}",
                "`with_entries(.key |= ascii_upcase)`|{\"b\":1,\"a\":2}|{\"B\":1,\"A\":2}",
                "`.inner |= (fromjson | .n += 1 | tojson)`|{\"inner\":\"{\\\"n\\\":18446744073709551616}\"}|{\"inner\":\"{\\\"n\\\":18446744073709551617}\"}",
                "`.currency //= \"EUR\"`|{\"currency\":null}|{\"currency\":\"EUR\"}",
            })
    void changesWhatItNamesAndNoOtherDigit(String program, String before, String after) throws Exception {
        assertThat(changed(program, before)).isEqualTo(after);
    }

    @Test
    void aValueThatTheProgramLeavesKeepsItsBytesWhateverItsNumbers() throws Exception {
        var random = new Random(7);
        var values = new ArrayList<String>();
        for (int i = 0; i < 200; i++) {
            values.add(randomJson(random, 4));
        }
        values.add(" { \"a\" : 1.00 ,\n \"\\u00e9\" : [ 1E+400, -0.0, 0e0 ] } ");
        var made = transforms
                .apply(
                        new Transform(".", true),
                        values.stream().map(Buffer::buffer).toList())
                .await(60, TimeUnit.SECONDS);
        assertThat(made).hasSize(201).allMatch(each -> each instanceof Transformed.Unchanged);
    }

    private static String randomJson(Random random, int depth) {
        int kind = random.nextInt(depth == 0 ? 4 : 6);
        return switch (kind) {
            case 0 -> Long.toString(random.nextLong());
            case 1 -> random.nextInt(100) + "." + random.nextInt(1000) + (random.nextBoolean() ? "0" : "e5");
            case 2 -> "\"text " + random.nextInt() + " \\u0000 ✓\"";
            case 3 -> random.nextBoolean() ? "null" : "false";
            case 4 -> "[" + randomJson(random, depth - 1) + "," + randomJson(random, depth - 1) + "]";
            default ->
                "{\"z" + random.nextInt(9) + "\":" + randomJson(random, depth - 1) + ",\"a\":"
                        + randomJson(random, depth - 1) + "}";
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`.`|{\"a\":1,\"a\":2}|has a name twice in one object: 'a'",
                "`.`|not json|is not JSON",
                "`.`|1 2|is more than one JSON text",
                "`.`|` `|is empty",
                "`empty`|{}|gives no result",
                "`.[]`|[1,2]|gives more than one result",
                "`.a / 3`|{\"a\":9007199254740993}|to the last digit: 9007199254740993",
                "`.a | sqrt`|{\"a\":1e400}|to the last digit: 1e400",
                "`nan`|1|such as nan",
                "`.a + 1`|{\"a\":\"x\"}|cannot be added",
                "`error(\"no\")`|1|no",
                "`.a |= tonumber`|{\"a\":\"12,50\"}|is no number as JSON writes it",
            })
    void refusesWhatItCannotKeepOrDo(String program, String value, String why) throws Exception {
        assertThat(failed(program, value)).containsIgnoringCase(why);
    }

    @Test
    void refusesWhatIsNoUtf8AndATombstone() throws Exception {
        assertThat(made(".", "{\"é\":1}".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)))
                .isEqualTo(new Transformed.Failed("is not JSON in UTF-8"));
        var absent = new ArrayList<Buffer>();
        absent.add(null);
        assertThat(transforms.apply(new Transform(".", true), absent).await(20, TimeUnit.SECONDS))
                .allMatch(each -> each instanceof Transformed.Failed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`.a |`|4|The program ends too early",
                "`.a = ]`|5|Not expected here: ]",
                "`.a | tonumbr`|5|There is no function tonumbr/0",
                "`env.HOME`|0|There is no function env/0",
                "`input`|0|There is no function input/0",
            })
    void saysWhereAProgramIsWrong(String program, int position, String message) throws Exception {
        assertThat(transforms.read(program).await(20, TimeUnit.SECONDS))
                .contains(new JqProcess.Invalid(position, message));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[range(1e12)] | length",
                "def f: f; f",
                "\"x\" * 1e9",
                "[limit(1e12; repeat(1))]",
                "reduce range(1e12) as $i (0; . + 1)",
                "last(range(1e12))",
                ".[1000000000] = 1",
                "def f(n): if n > 0 then f(n - 1), f(n - 1) else . end; [f(60)] | length",
                "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\" | test(\"^(a+)+$\")",
                "reduce range(60) as $i (\"xx\"; . + .)",
                "$ENV | length",
            })
    void aHostileProgramFailsItsValueAndNothingElse(String program) throws Exception {
        assertThat(failed(program, "[]")).isNotEmpty();
        assertThat(changed(".[0] = 1", "[]")).isEqualTo("[1]");
    }

    @Test
    void aProgramThatIsStoppedAgainAndAgainIsNotRunAnyMore() throws Exception {
        var values = new ArrayList<Buffer>();
        for (int i = 0; i < 40; i++) {
            values.add(Buffer.buffer("1"));
        }
        var whys = new ArrayList<String>();
        var program = new Transform("[range(1e12)] | last", true);
        // Nothing else runs there that would need its second.
        var hasty = new Transforms(vertx, Duration.ofMillis(100));
        for (int done = 0; done < values.size(); ) {
            var made = hasty.apply(program, values.subList(done, 40)).await(60, TimeUnit.SECONDS);
            made.forEach(each -> whys.add(((Transformed.Failed) each).why()));
            done += made.size();
        }
        hasty.close().await(20, TimeUnit.SECONDS);
        assertThat(whys.subList(5, 40)).allMatch(why -> why.startsWith("was not looked at"));
    }
}
