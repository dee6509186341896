package dev.redrive.grouping;

import static dev.redrive.grouping.TraceText.indent;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Python: {@code traceback.format_exception}. Of chained exceptions the first printed is the root cause; an exception
 * group stands for the first exception inside it. A message may have paragraphs.
 */
record PythonTrace() implements TraceDialect {

    private static final String FILE = "File \"";
    private static final int MESSAGE_CHARS = 8 * 1024;

    @Override
    public boolean recognises(String line) {
        String text = unmargined(line);
        int at = indent(text);
        return text.startsWith("Traceback (most recent call last)", at)
                || text.startsWith("Exception Group Traceback", at)
                || at > 0 && text.startsWith(FILE, at) && text.contains("\", line ");
    }

    @Override
    public List<Thrown> parse(List<String> lines) {
        var groups = new ArrayList<Thrown>();
        var causes = new ArrayList<Thrown>();
        var block = new Block();
        for (String line : lines) {
            String text = unmargined(line);
            if (text.strip().endsWith("Traceback (most recent call last):")) {
                block.closeInto(groups, causes);
                block = new Block();
            } else if (text.startsWith("The above exception was ")
                    || text.startsWith("During handling of the above ")) {
                block.closeInto(groups, causes);
                block = new Block();
            } else {
                block.line(text, line.length() != text.length());
            }
        }
        block.closeInto(groups, causes);
        Collections.reverse(causes);
        groups.addAll(causes);
        return groups;
    }

    /** Without the {@code |} and {@code +} that exception groups print before each line. */
    private static String unmargined(String line) {
        int at = indent(line);
        if (line.startsWith("| ", at) || line.startsWith("+ ", at)) {
            return line.substring(at + 2);
        }
        return line.startsWith("+-", at) || line.length() == at + 1 && line.charAt(at) == '|' ? "" : line;
    }

    static Frame frame(String text) {
        int close = text.indexOf("\", line ");
        String path = text.substring(FILE.length(), close);
        int in = text.indexOf(", in ", close);
        String function = in < 0 ? "<module>" : text.substring(in + 5).strip();
        String stem = TraceText.stem(path.endsWith("/__init__.py") ? path.substring(0, path.length() - 12) : path);
        if (OwnCode.isLibraryFile(path)) {
            return Frame.library(stem + "." + function);
        }
        if (function.startsWith("<") && !function.equals("<module>")) {
            return Frame.made(stem + "." + function);
        }
        String name = function.substring(function.lastIndexOf('.') + 1);
        return Frame.own(stem + "." + name, OwnCode.isOuterFile(stem));
    }

    /** One traceback while it is read. */
    private static final class Block {

        private final List<Frame> frames = new ArrayList<>();
        private final StringBuilder header = new StringBuilder();
        private int blank;

        void line(String text, boolean margined) {
            int at = indent(text);
            if (text.startsWith(FILE, at) && text.indexOf("\", line ") > at && header.isEmpty()) {
                frames.add(frame(text.substring(at)));
            } else if (text.isBlank()) {
                blank += header.isEmpty() ? 0 : 1;
            } else if ((!header.isEmpty() || at == 0 && !frames.isEmpty()) && header.length() < MESSAGE_CHARS) {
                header.append(header.isEmpty() ? "" : blank > 0 ? "\n\n" : "\n").append(margined ? text.strip() : text);
                blank = 0;
            }
        }

        void closeInto(List<Thrown> groups, List<Thrown> causes) {
            if (frames.isEmpty() && header.isEmpty()) {
                return;
            }
            Collections.reverse(frames);
            var thrown = Thrown.of(header.toString(), frames);
            boolean group = thrown.type() != null && thrown.type().endsWith("ExceptionGroup");
            TraceDialect.add(group ? groups : causes, thrown);
        }
    }
}
