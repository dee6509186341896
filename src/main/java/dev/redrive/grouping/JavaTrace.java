package dev.redrive.grouping;

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

    @Override
    public boolean recognises(String line) {
        int at = indent(line);
        return line.startsWith(CAUSE)
                || at > 0
                        && line.startsWith("at ", at)
                        && line.endsWith(")")
                        && (line.contains(".java:")
                                || line.contains(".kt:")
                                || line.contains(".scala:")
                                || line.contains(".groovy:")
                                || line.endsWith("(Unknown Source)")
                                || line.endsWith("(Native Method)")
                                || line.endsWith("(<generated>)"));
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
            if (text.startsWith("... ") && text.endsWith(" more")) {
                int more = Math.min(number(text.substring(4, text.length() - 5)), FRAMES - frames.size());
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
