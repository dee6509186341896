package dev.redrive.grouping;

import static dev.redrive.grouping.TraceText.indent;

import java.util.ArrayList;
import java.util.List;

/** Node and browsers on V8: {@code error.stack}, with causes as {@code util.inspect} prints them. */
record NodeTrace() implements TraceDialect {

    private static final String CAUSE = "[cause]: ";
    /** The errors of an AggregateError; as with Python's groups the first stands for them. */
    private static final String ERRORS = "[errors]: [";

    private static final List<String> RECEIVERS =
            List.of("Object.", "Function.", "Module.", "exports.", "module.exports.");

    @Override
    public boolean recognises(String line) {
        int at = indent(line);
        return line.startsWith(CAUSE, at) || at > 0 && line.startsWith("at ", at) && location(line.substring(at)) > 0;
    }

    @Override
    public List<Thrown> parse(List<String> lines) {
        var chain = new ArrayList<Thrown>();
        var header = new StringBuilder();
        var frames = new ArrayList<Frame>();
        for (String line : lines) {
            int at = indent(line);
            boolean cause = line.startsWith(CAUSE, at);
            if (line.startsWith(ERRORS, at) && !frames.isEmpty()) {
                TraceDialect.add(chain, Thrown.of(header.toString().strip(), frames));
                frames.clear();
                header.setLength(0);
            } else if (cause || line.startsWith("Caused by: ", at) && !frames.isEmpty()) {
                TraceDialect.add(chain, Thrown.of(header.toString().strip(), frames));
                frames.clear();
                header.setLength(0);
                header.append(line.substring(at + (cause ? CAUSE.length() : 11)));
            } else if (at > 0 && line.startsWith("at ", at)) {
                frames.add(frame(line.substring(at + 3).strip()));
            } else if (frames.isEmpty() && header.length() < 8 * 1024) {
                header.append(header.isEmpty() ? "" : "\n").append(line);
            }
        }
        chain.add(Thrown.of(header.toString().strip(), frames));
        return chain;
    }

    private static Frame frame(String text) {
        String call = text.endsWith(" {") ? text.substring(0, text.length() - 2) : text;
        call = call.startsWith("async ") ? call.substring(6) : call;
        call = call.startsWith("new ") ? call.substring(4) : call;
        int open = call.lastIndexOf(" (");
        boolean named = open > 0 && call.endsWith(")");
        String place = named ? call.substring(open + 2, call.length() - 1) : call;
        int end = location(place);
        String path = end > 0 ? place.substring(0, end) : "";
        String function = named ? plain(call.substring(0, open)) : "<anonymous>";
        String stem = TraceText.stem(path);
        if (OwnCode.isLibraryFile(path)) {
            return Frame.library(function);
        }
        boolean outer = OwnCode.isOuterFile(stem);
        boolean anonymous = function.contains("<anonymous>");
        return anonymous && !outer ? Frame.made(stem) : Frame.own(stem + "." + function, outer);
    }

    private static String plain(String function) {
        int alias = function.indexOf(" [as ");
        String name = alias > 0 ? function.substring(0, alias) : function;
        for (String receiver : RECEIVERS) {
            name = name.startsWith(receiver) ? name.substring(receiver.length()) : name;
        }
        return name.isEmpty() ? "<anonymous>" : name;
    }

    /** Where {@code :line:column} begins at the end of the text, or -1. */
    private static int location(String text) {
        String bare = text.endsWith(" {") ? text.substring(0, text.length() - 2) : text;
        int end = bare.endsWith(")") ? bare.length() - 1 : bare.length();
        int column = number(bare, end);
        int line = column < 0 ? -1 : number(bare, column);
        return line;
    }

    /** Position of the colon before the digits that end at {@code end}, or -1. */
    private static int number(String text, int end) {
        int i = end;
        while (i > 0 && text.charAt(i - 1) >= '0' && text.charAt(i - 1) <= '9') {
            i--;
        }
        return i < end && i > 0 && text.charAt(i - 1) == ':' ? i - 1 : -1;
    }
}
