package dev.redrive.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/** A payload is hostile, and a terminal obeys. */
class PlainTest {

    private static final String HOSTILE =
            "\u001b]0;owned\u0007\u001b[2J\u009b31m\r\n\u202egnp\u2066.\u200b\u2028\ud800\udb40\udc41\u007f";

    @Test
    void nothingThatATerminalObeysIsLeft() {
        assertThat(Plain.line(HOSTILE).codePoints()).noneMatch(Plain::isDangerous);
        assertThat(Plain.line("a\tb\nc\u001b")).isEqualTo("a\\tb\\nc\\u001b");
        assertThat(Plain.block("a\n" + HOSTILE).lines()).allMatch(line -> line.startsWith("  | "));
        assertThat(Plain.block(HOSTILE).codePoints().filter(c -> c != '\n')).noneMatch(Plain::isDangerous);
    }

    @Test
    void jsonKeepsItsMeaning() {
        var object = new JsonObject().put("value", "ü 漢 🙂 \u202e\u009b\u007f\udb40\udc41");
        var safe = Plain.json(object.encode());
        assertThat(safe.codePoints()).noneMatch(Plain::isDangerous);
        assertThat(safe).contains("ü 漢 🙂");
        assertThat(new JsonObject(safe)).isEqualTo(object);
    }

    @Test
    void lettersOfAnyLanguageStayAndColumnsStayStraight() {
        assertThat(Plain.line("Größe 漢字 שלום 🙂")).isEqualTo("Größe 漢字 שלום 🙂");
        assertThat(new Table("KEY", "SIZE").row("漢字", 1).row("a\nb", null).toString())
                .isEqualTo("KEY   SIZE\n漢字  1\na\\nb  -\n");
        assertThat(Plain.line("🙂🙂🙂🙂", 3)).isEqualTo("🙂🙂…");
    }
}
