package dev.redrive.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.letter.StackTraceText;
import io.vertx.core.buffer.Buffer;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of this size are computed here: to write one would take more memory than a build has. */
class NdjsonLinesTest {

    private static final int MIB = 1 << 20;

    /** A control character becomes six. */
    private static final int ESCAPED = 6;

    private static final int INLINE = 256 << 10;

    /** Message, details, names of headers, tags, and a thousand notes of their full length. */
    private static final int WORDS = 40 * MIB;

    @ParameterizedTest
    @ValueSource(ints = {1024, 64 * MIB, 256 * MIB})
    void anImportTakesTheLongestLineThatAnExportWrites(int mostValueBytes) {
        long unwrapped = NdjsonLines.base64Length(mostValueBytes) + NdjsonLines.base64Length(NdjsonLines.MOST_FRONT);
        long record = NdjsonLines.base64Length(NdjsonLines.MOST_FRONT) + NdjsonLines.base64Length(INLINE);
        long trace = (long) ESCAPED * StackTraceText.MAX_BYTES;
        assertThat(unwrapped + record + trace + WORDS).isLessThanOrEqualTo(NdjsonLines.longestLine(mostValueBytes));
    }

    /** Of 16 MiB in base64: JSON parsers take 20 million characters unless they are told otherwise. */
    @Test
    void anImportReadsATextOfAnyLengthThatALineHas() {
        var text = "A".repeat(Math.toIntExact(NdjsonLines.base64Length(16 * MIB)));
        var line = Buffer.buffer("{\"value\":\"").appendString(text).appendString("\"}");
        assertThat(ImportFile.json(line).getString("value")).hasSameSizeAs(text);
    }

    @Test
    void aPieceOfAValueIsMuchShorterThanALine() {
        assertThat(NdjsonLines.base64Length(ExportStore.PIECE_BYTES)).isLessThan(2 * MIB);
    }

    @Test
    void countsWhatBase64Writes() {
        for (int bytes = 0; bytes < 10; bytes++) {
            assertThat(NdjsonLines.base64Length(bytes))
                    .isEqualTo(Base64.getEncoder().encode(new byte[bytes]).length);
        }
    }
}
