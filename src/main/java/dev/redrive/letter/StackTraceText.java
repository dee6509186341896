package dev.redrive.letter;

import dev.redrive.Sha256;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A stack trace in two parts: its frames, which thousands of letters share and which are stored once, and its
 * messages, which differ by letter. The two parts joined are the trace again, byte for byte.
 *
 * <p>Lines that are indented count as frames; of the others what follows the exception's class counts as message.
 * Where that guess is wrong only the sharing is lost. NUL marks the places of the messages, so a trace that holds one
 * cannot be split, nor can one of more than {@link #MAX_BYTES}.
 *
 * @param frames the trace with NUL in place of each message
 * @param messages in order, with NUL between them; null where the trace has none
 * @param hash of the frames, the key of {@code stack_trace}: 16 bytes of SHA-256
 */
public record StackTraceText(Buffer frames, @Nullable Buffer messages, Buffer hash) {

    /** Beyond this a trace is no text for people, and splitting it costs more than it saves. */
    public static final int MAX_BYTES = 256 * 1024;

    private static final char MARK = '\0';
    private static final int HASH_BYTES = 16;

    /** {@code Caused by: org.acme.SomeException: }, {@code ValueError: }; bounded, so that no line makes it slow. */
    private static final Pattern CLASS =
            Pattern.compile("^\\s{0,40}+(?:Caused by: |Suppressed: )?[\\w.$/\\\\-]{1,300}+: ");

    /** @return null where the trace cannot be split; then whoever has the bytes keeps them */
    public static @Nullable StackTraceText split(String trace) {
        if (trace.length() > MAX_BYTES || trace.indexOf(MARK) >= 0) {
            return null;
        }
        var frames = new StringBuilder(trace.length());
        var messages = new StringBuilder();
        int marks = 0;
        for (int from = 0; from < trace.length(); ) {
            int end = trace.indexOf('\n', from);
            int next = end < 0 ? trace.length() : end + 1;
            var line = trace.substring(from, end < 0 ? trace.length() : end);
            int message = messageAt(line);
            frames.append(line, 0, message);
            if (message < line.length()) {
                frames.append(MARK);
                if (marks++ > 0) {
                    messages.append(MARK);
                }
                messages.append(line, message, line.length());
            }
            frames.append(trace, end < 0 ? next : end, next);
            from = next;
        }
        return of(frames.toString(), marks == 0 ? null : messages.toString());
    }

    /** Where the message of a line begins; its length where it has none. */
    private static int messageAt(String line) {
        if (line.isEmpty() || Character.isWhitespace(line.charAt(0)) && !nested(line)) {
            return line.length();
        }
        var exception = CLASS.matcher(line);
        if (exception.find()) {
            return exception.end();
        }
        boolean onlyClass = line.indexOf(' ') < 0 || nested(line);
        return onlyClass ? line.length() : 0;
    }

    /** The exceptions of a suppressed one are indented. */
    private static boolean nested(String line) {
        var text = line.stripLeading();
        return text.startsWith("Suppressed: ") || text.startsWith("Caused by: ");
    }

    private static StackTraceText of(String frames, @Nullable String messages) {
        var bytes = frames.getBytes(StandardCharsets.UTF_8);
        return new StackTraceText(
                Buffer.buffer(bytes),
                messages == null ? null : Buffer.buffer(messages),
                Buffer.buffer(Sha256.of(bytes)).getBuffer(0, HASH_BYTES));
    }

    /** The bytes of the trace: UTF-8 of what {@link #split} was given. */
    public static Buffer join(Buffer frames, @Nullable Buffer messages) {
        if (messages == null) {
            return frames;
        }
        var trace = Buffer.buffer(frames.length() + messages.length());
        int message = 0;
        int from = 0;
        for (int mark = indexOf(frames, 0); mark < frames.length(); mark = indexOf(frames, from)) {
            int end = indexOf(messages, message);
            trace.appendBuffer(frames, from, mark - from).appendBuffer(messages, message, end - message);
            message = end + 1;
            from = mark + 1;
        }
        return trace.appendBuffer(frames, from, frames.length() - from);
    }

    private static int indexOf(Buffer bytes, int from) {
        int at = from;
        while (at < bytes.length() && bytes.getByte(at) != MARK) {
            at++;
        }
        return at;
    }
}
