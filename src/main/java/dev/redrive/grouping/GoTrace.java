package dev.redrive.grouping;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Go: {@code panic} with the stack of the failed goroutine, and the {@code %+v} of errors that carry a stack. */
record GoTrace() implements TraceDialect {

    private static final Set<String> STANDARD = Set.of(
            "runtime",
            "net",
            "encoding",
            "fmt",
            "strconv",
            "sync",
            "reflect",
            "os",
            "io",
            "bufio",
            "bytes",
            "strings",
            "sort",
            "slices",
            "maps",
            "time",
            "context",
            "database",
            "crypto",
            "testing",
            "log",
            "errors",
            "math",
            "regexp",
            "syscall",
            "internal",
            "panic",
            "unicode",
            "compress",
            "text",
            "html",
            "iter");

    @Override
    public boolean recognises(String line) {
        return line.startsWith("goroutine ") && line.endsWith("]:")
                || line.startsWith("\t") && line.contains(".go:")
                || line.startsWith("panic: ");
    }

    @Override
    public List<Thrown> parse(List<String> lines) {
        var frames = new ArrayList<Frame>();
        String message = "";
        int goroutines = 0;
        String previous = "";
        for (String line : lines) {
            if (line.startsWith("panic: ")) {
                message = line.substring(7);
            } else if (line.startsWith("goroutine ") && ++goroutines > 1) {
                break;
            } else if (line.startsWith("\t") && line.contains(".go:")) {
                if (previous.startsWith("panic(") || previous.startsWith("runtime.gopanic")) {
                    frames.clear();
                } else if (!previous.startsWith("created by ") && !previous.isBlank()) {
                    frames.add(frame(previous.strip(), line.strip()));
                }
            }
            previous = line;
        }
        return frames.isEmpty() && message.isEmpty() ? List.of() : List.of(new Thrown(null, message, frames));
    }

    /** {@code example.org/shop/ledger.(*Book).Post.func1(0xc0, ...)} is {@code ledger.Book.Post}. */
    private static Frame frame(String call, String location) {
        int slash = pathEnd(call);
        String name = call.substring(slash + 1);
        int arguments = arguments(name);
        name = name.substring(0, arguments).replace("(*", "").replace(")", "").replace("[...]", "");
        name = withoutClosures(name);
        int first = call.indexOf('/');
        int dot = call.indexOf('.');
        String root = call.substring(0, Math.max(0, slash > 0 ? first : dot));
        if (STANDARD.contains(root) || OwnCode.isLibraryFile(location) || location.contains("@v")) {
            return Frame.library(name);
        }
        return Frame.own(name, name.startsWith("main."));
    }

    /** The last slash before the arguments. */
    private static int pathEnd(String call) {
        int open = call.indexOf('(');
        return call.lastIndexOf('/', open < 0 ? call.length() : open);
    }

    private static int arguments(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) == '(' && !name.startsWith("(*", i)) {
                return i;
            }
        }
        return name.length();
    }

    private static String withoutClosures(String name) {
        int end = name.endsWith("-fm") ? name.length() - 3 : name.length();
        int dot = name.lastIndexOf('.', end - 1);
        while (dot > 0 && closure(name, dot + 1, end)) {
            end = dot;
            dot = name.lastIndexOf('.', end - 1);
        }
        return name.substring(0, end);
    }

    /** {@code func1}, {@code gowrap2}, {@code deferwrap1}, and the bare number of a nested closure. */
    private static boolean closure(String name, int from, int to) {
        int start = name.startsWith("func", from) ? from + 4 : from;
        start = name.startsWith("gowrap", from) ? from + 6 : start;
        start = name.startsWith("deferwrap", from) ? from + 9 : start;
        return start < to && TraceText.digits(name, start) == to - start;
    }
}
