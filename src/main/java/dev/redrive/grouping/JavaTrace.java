package dev.redrive.grouping;

import static dev.redrive.grouping.TraceText.digits;
import static dev.redrive.grouping.TraceText.indent;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Java, Kotlin and Scala: {@code Throwable.printStackTrace}, and Logback's form that begins with the root cause.
 * Suppressed exceptions are left out. {@code ... n more} is filled in from the exception above.
 */
record JavaTrace() implements TraceDialect {

    private static final String CAUSE = "Caused by: ";
    private static final String WRAPPER = "Wrapped by: ";
    /** Instead of a cause that was printed already. */
    private static final String CIRCLE = "[CIRCULAR REFERENCE";
    /** Below it Reactor prints the calls of the exception itself, within the one that it suppressed. */
    private static final String REACTOR = "Original Stack Trace:";

    @Override
    public boolean recognises(String line) {
        int at = indent(line);
        if (at == 0 || !line.startsWith("at ", at)) {
            return line.startsWith(CAUSE);
        }
        int close = line.lastIndexOf(')');
        String call = line.substring(0, close + 1);
        return packaging(line.substring(close + 1).strip())
                && (located(call)
                        || call.endsWith("(Unknown Source)")
                        || call.endsWith("(Native Method)")
                        || call.endsWith("(<generated>)"));
    }

    /** What Logback prints behind a call: {@code ~[orders.jar!/:1.4]}; or nothing. */
    private static boolean packaging(String text) {
        return text.isEmpty() || text.endsWith("]") && (text.startsWith("[") || text.startsWith("~["));
    }

    /** {@code m(Orders.kt:42)} and, where names were shortened, {@code m(SourceFile:3)}; no space before or within. */
    private static boolean located(String call) {
        int open = call.lastIndexOf('(');
        int colon = call.lastIndexOf(':');
        return open > 0
                && colon > open
                && call.charAt(open - 1) != ' '
                && call.indexOf(' ', open) < 0
                && colon + 1 + digits(call, colon + 1) == call.length() - 1;
    }

    @Override
    public List<Thrown> parse(List<String> lines) {
        var chain = new ArrayList<Thrown>();
        var section = new Section("", List.of());
        boolean reversed = false;
        int suppressed = Integer.MAX_VALUE;
        for (String line : lines) {
            int at = indent(line);
            boolean heading = at == 0 && (line.startsWith(CAUSE) || line.startsWith(WRAPPER));
            if (heading && line.startsWith(CIRCLE, CAUSE.length())) {
                break;
            }
            if (heading) {
                reversed |= line.startsWith(WRAPPER);
                TraceDialect.add(chain, section.thrown());
                section = new Section(line.substring(CAUSE.length()), section.frames);
                suppressed = Integer.MAX_VALUE;
            } else if (line.startsWith("Suppressed: ", at) && at > 0) {
                suppressed = Math.min(suppressed, at);
            } else if (line.startsWith("at ", at) && at <= suppressed && !line.startsWith("at [Source", at)) {
                suppressed = Integer.MAX_VALUE;
                section.frame(line.substring(at + 3));
            } else if (suppressed != Integer.MAX_VALUE && line.strip().equals(REACTOR)) {
                suppressed = Integer.MAX_VALUE;
                section.frames.clear();
            } else if (suppressed == Integer.MAX_VALUE) {
                section.other(line);
            }
        }
        chain.add(section.thrown());
        if (reversed) {
            Collections.reverse(chain);
        }
        return chain;
    }

    /** One exception while it is read; grows line by line. */
    private static final class Section {

        private static final int MESSAGE_CHARS = 8 * 1024;

        /** The JVM itself prints at most 1,024 frames. */
        private static final int FRAMES = 1_100;

        private final StringBuilder header;
        private final List<Frame> enclosing;
        private final List<Frame> frames = new ArrayList<>();

        Section(String header, List<Frame> enclosing) {
            this.header = new StringBuilder(header);
            this.enclosing = enclosing;
        }

        void frame(String text) {
            if (frames.size() < FRAMES) {
                frames.add(JavaFrame.parse(text));
            }
        }

        void other(String line) {
            String text = line.strip();
            if (text.startsWith("... ") && (text.endsWith(" more") || text.endsWith(" common frames omitted"))) {
                int more = Math.min(number(text.substring(4, text.indexOf(' ', 4))), FRAMES - frames.size());
                frames.addAll(enclosing.subList(Math.max(0, enclosing.size() - more), enclosing.size()));
            } else if (frames.isEmpty() && header.length() < MESSAGE_CHARS) {
                header.append(header.isEmpty() ? "" : "\n").append(line);
            }
        }

        private static int number(String digits) {
            boolean valid = !digits.isEmpty() && digits.length() < 6 && TraceText.digits(digits, 0) == digits.length();
            return valid ? Integer.parseInt(digits) : 0;
        }

        Thrown thrown() {
            String text = header.toString().strip();
            if (text.startsWith("Exception in thread \"")) {
                text = text.substring(text.indexOf('"', 21) + 1).strip();
            }
            return Thrown.of(text, frames);
        }
    }
}
