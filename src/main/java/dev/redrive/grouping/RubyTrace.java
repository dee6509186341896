package dev.redrive.grouping;

import static dev.redrive.grouping.TraceText.digits;
import static dev.redrive.grouping.TraceText.indent;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ruby: {@code Exception#full_message} with the newest call first, also of 3.4 with {@code Class#method}. */
record RubyTrace() implements TraceDialect {

    /** A line {@code path:line:in `method'}, with whatever follows it. */
    private record Call(String path, String place, String method, String rest) {}

    @Override
    public boolean recognises(String line) {
        return call(line) != null;
    }

    @Override
    public List<Thrown> parse(List<String> lines) {
        var chain = new ArrayList<Thrown>();
        var calls = new ArrayList<Call>();
        var header = new StringBuilder();
        for (String line : lines) {
            var call = call(line);
            if (call == null) {
                if (calls.size() <= 1 && header.length() < 8 * 1024) {
                    header.append('\n').append(line);
                }
                continue;
            }
            if (call.rest().startsWith(": ")) {
                if (!calls.isEmpty()) {
                    TraceDialect.add(chain, thrown(header.toString(), calls));
                    calls.clear();
                }
                header.setLength(0);
                header.append(call.rest().substring(2));
            }
            calls.add(call);
        }
        chain.add(thrown(header.toString(), calls));
        return chain;
    }

    private static @Nullable Call call(String line) {
        int at = indent(line);
        int from = line.startsWith("from ", at) ? at + 5 : at;
        int in = line.indexOf(":in ", from);
        if (in < 0 || in + 5 >= line.length()) {
            return null;
        }
        int colon = line.lastIndexOf(':', in - 1);
        char quote = line.charAt(in + 4);
        int close = line.indexOf('\'', in + 5);
        boolean numbered = colon > from && colon + 1 + digits(line, colon + 1) == in && in > colon + 1;
        if (!numbered || close < 0 || quote != '`' && quote != '\'') {
            return null;
        }
        String path = line.substring(from, colon);
        return new Call(path, line.substring(from, in), line.substring(in + 5, close), line.substring(close + 1));
    }

    /** The header is {@code message (Class)}, where the message may go on behind the class. */
    private static Thrown thrown(String header, List<Call> calls) {
        var frames = new ArrayList<Frame>();
        for (int i = 0; i < calls.size(); i++) {
            var call = calls.get(i);
            boolean builtIn = i + 1 < calls.size() && calls.get(i + 1).place().equals(call.place());
            frames.add(builtIn ? Frame.made(call.method()) : frame(call));
        }
        int newline = header.indexOf('\n');
        String first = newline < 0 ? header : header.substring(0, newline);
        int open = first.lastIndexOf('(');
        String type = open >= 0 && first.endsWith(")") ? first.substring(open + 1, first.length() - 1) : null;
        boolean known = type != null && Thrown.isTypeName(type, type.length());
        return new Thrown(known ? type : null, known ? first.substring(0, open).strip() : first, frames);
    }

    private static Frame frame(Call call) {
        String method = call.method();
        int in = method.lastIndexOf(" in ");
        method = in >= 0 ? method.substring(in + 4) : method;
        method = method.substring(Math.max(method.lastIndexOf('#'), method.lastIndexOf('.')) + 1);
        String stem = TraceText.stem(call.path());
        return OwnCode.isLibraryFile(call.path())
                ? Frame.library(method)
                : Frame.own(stem + "." + method, OwnCode.isOuterFile(stem) || method.startsWith("<"));
    }
}
