package dev.redrive.grouping;

import static dev.redrive.grouping.TraceText.indent;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** .NET: {@code Exception.ToString}. Inner exceptions are announced first and their frames are printed first. */
record DotnetTrace() implements TraceDialect {

    private static final String INNER = "---> ";

    @Override
    public boolean recognises(String line) {
        int at = indent(line);
        boolean call = at > 0
                && line.startsWith("at ", at)
                && !line.contains(" (")
                && (line.contains(") in ") && line.contains(":line ")
                        || line.endsWith(")")
                                && line.indexOf(':', at) < 0
                                && !line.endsWith("(Unknown Source)")
                                && !line.endsWith("(Native Method)")
                                && !line.endsWith("(<generated>)"));
        return call || line.startsWith("--- End of ", at) || line.startsWith(INNER, at);
    }

    @Override
    public List<Thrown> parse(List<String> lines) {
        var chain = new ArrayList<Section>();
        Deque<Section> open = new ArrayDeque<>();
        open(chain, open, "");
        for (String line : lines) {
            int at = indent(line);
            var section = open.getFirst();
            if (line.startsWith("at ", at) && at > 0) {
                section.frames.add(frame(line.substring(at + 3)));
            } else if (line.startsWith("--- End of inner exception", at)) {
                if (open.size() > 1) {
                    open.removeFirst();
                }
            } else if (line.startsWith(INNER, at) && section.frames.isEmpty()) {
                open(chain, open, line.substring(at + INNER.length()));
            } else if (section.frames.isEmpty() && !line.startsWith("---", at)) {
                inline(chain, open, line);
            }
        }
        return chain.stream()
                .map(section -> Thrown.of(section.header.toString().strip(), section.frames))
                .toList();
    }

    /** The .NET Framework prints the inner exceptions on the line of the outer one. */
    private static void inline(List<Section> chain, Deque<Section> open, String line) {
        String rest = line;
        int inner = rest.indexOf(" " + INNER);
        while (inner >= 0 && chain.size() < 50) {
            open.getFirst().add(rest.substring(0, inner));
            rest = rest.substring(inner + 1 + INNER.length());
            open(chain, open, "");
            inner = rest.indexOf(" " + INNER);
        }
        open.getFirst().add(rest);
    }

    private static void open(List<Section> chain, Deque<Section> open, String header) {
        var section = new Section();
        section.add(header);
        chain.add(section);
        open.addFirst(section);
    }

    /** {@code N.C.<Handle>d__5.MoveNext()}, {@code N.C.<>c.<Handle>b__1_0(X x)} are {@code N.C.Handle}. */
    private static Frame frame(String text) {
        int open = text.indexOf('(');
        String name = open < 0 ? text : text.substring(0, open);
        if (OwnCode.isDotnetLibrary(name)) {
            return Frame.library(name);
        }
        if (name.startsWith("lambda_method") || name.indexOf('.') < 0) {
            return Frame.made(name);
        }
        String plain = withoutArity(name);
        int angle = plain.indexOf(".<");
        if (angle > 0) {
            int start = plain.lastIndexOf('<');
            int end = plain.indexOf('>', start);
            String method = end > start + 1 ? plain.substring(start + 1, end) : "lambda";
            plain = plain.substring(0, angle) + "." + method;
        }
        int method = plain.lastIndexOf('.');
        return Frame.own(plain, OwnCode.isOuterType(method > 0 ? plain.substring(0, method) : plain));
    }

    /** Without {@code `1} and {@code [T]}. */
    private static String withoutArity(String name) {
        int bracket = name.indexOf('[');
        String plain = bracket > 0 ? name.substring(0, bracket) : name;
        int tick = plain.indexOf('`');
        return tick > 0
                ? plain.substring(0, tick) + plain.substring(tick + 1 + TraceText.digits(plain, tick + 1))
                : plain;
    }

    /** One exception while it is read. */
    private static final class Section {

        private final StringBuilder header = new StringBuilder();
        private final List<Frame> frames = new ArrayList<>();

        void add(String line) {
            if (header.length() < 8 * 1024) {
                header.append(header.isEmpty() ? "" : "\n").append(line);
            }
        }
    }
}
