package dev.redrive.letter;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredFormTest {

    private static final String TRACE = """
            org.acme.OrderException: order 4711 is broken
            \tat org.acme.Orders.price(Orders.java:17)
            \tSuppressed: java.io.IOException: socket 9
            \t\tat org.acme.Socket.close(Socket.java:3)
            Caused by: java.lang.NullPointerException
            \tat org.acme.Price.of(Price.java:5)
            \t... 12 more
            """;

    @Test
    void tracesOfOneFailureShareTheirFrames() {
        var one = split(TRACE);
        var other = split(TRACE.replace("4711", "815").replace("socket 9", "socket 10"));
        assertThat(one.hash()).isEqualTo(other.hash());
        assertThat(one.hash().length()).isEqualTo(16);
        assertThat(one.messages()).isEqualTo(Buffer.buffer("order 4711 is broken\0socket 9"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "\n\n\r\n",
                "x",
                "no trace at all",
                "a: b",
                "a: ",
                "Caused by: ",
                "\tat a.b(C.java:1)\n\nmore: text\n",
                "Traceback (most recent call last):\n  File \"a.py\", line 3\nValueError: 7 ☃ \uD83D\uDE00\n"
            })
    void aTraceJoinedAgainIsTheSameBytes(String trace) {
        var split = split(trace);
        assertThat(StackTraceText.join(split.frames(), split.messages())).isEqualTo(Buffer.buffer(trace));
    }

    @Test
    void anyTextOfTheseCharactersJoinsToItself() {
        var random = new Random(42);
        var alphabet = new String[] {"\n", "\t", " ", "at ", "Caused by: ", "Suppressed: ", "a.B", ": ", "é", "\r"};
        for (int i = 0; i < 20_000; i++) {
            var text = new StringBuilder();
            random.ints(random.nextInt(12), 0, alphabet.length).forEach(n -> text.append(alphabet[n]));
            var split = split(text.toString());
            assertThat(StackTraceText.join(split.frames(), split.messages()))
                    .as("%s", text)
                    .isEqualTo(Buffer.buffer(text.toString()));
        }
    }

    @Test
    void aTraceWithNulOrBeyondTheBoundIsNotSplit() {
        assertThat(StackTraceText.split("a\0b")).isNull();
        assertThat(StackTraceText.split("a".repeat(StackTraceText.MAX_BYTES + 1)))
                .isNull();
    }

    @Test
    void headersKeepOrderRepeatsNullsAndEmptiness() {
        var headers = List.of(
                new Header("a", Buffer.buffer("1")),
                new Header("", null),
                new Header("a", Buffer.buffer()),
                new Header("né\0", Buffer.buffer(new byte[] {0, (byte) 0xc3, 0x28})),
                new Header("a", Buffer.buffer(new byte[200_000])));
        assertThat(HeaderCodec.decode(HeaderCodec.encode(headers, null), null)).isEqualTo(headers);
    }

    @Test
    void aHeaderThatIsTheTraceIsStoredAsAReference() {
        var trace = Buffer.buffer(TRACE);
        var headers = List.of(new Header("stacktrace", trace), new Header("x", Buffer.buffer("y")));
        var encoded = HeaderCodec.encode(headers, trace);
        assertThat(encoded.length()).isLessThan(30);
        assertThat(HeaderCodec.decode(encoded, trace)).isEqualTo(headers);
        assertThatThrownBy(() -> HeaderCodec.decode(encoded, null)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aContentKeepsNullApartFromEmpty() {
        var contents = new ArrayList<Content>();
        for (var key : new Buffer[] {null, Buffer.buffer(), Buffer.buffer("k")}) {
            for (var value : new Buffer[] {null, Buffer.buffer(), Buffer.buffer("v")}) {
                contents.add(new Content(key, value, List.of(new Header("h", value))));
            }
        }
        assertThat(contents)
                .allSatisfy(content -> assertThat(ContentCodec.decode(ContentCodec.encode(content)))
                        .isEqualTo(content));
        assertThat(contents.stream().map(ContentCodec::hash)).doesNotHaveDuplicates();
    }

    @Test
    void bytesThatEndEarlyAreSaidToBeBroken() {
        var encoded = HeaderCodec.encode(List.of(new Header("name", Buffer.buffer("value"))), null);
        for (int length = 0; length < encoded.length(); length++) {
            var cut = encoded.getBuffer(0, length);
            assertThatThrownBy(() -> HeaderCodec.decode(cut, null)).isInstanceOf(IllegalStateException.class);
        }
    }

    private static StackTraceText split(String trace) {
        return requireNonNull(StackTraceText.split(trace));
    }
}
