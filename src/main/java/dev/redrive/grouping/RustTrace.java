package dev.redrive.grouping;

import static dev.redrive.grouping.TraceText.digits;
import static dev.redrive.grouping.TraceText.indent;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Rust: a panic, and below it the calls where {@code RUST_BACKTRACE} asked for them. */
record RustTrace() implements TraceDialect {

    private static final String PANICKED = "' panicked at ";
    private static final int MESSAGE_CHARS = 8 * 1024;
    private static final Set<String> LIBRARIES = Set.of(
            "std",
            "core",
            "alloc",
            "tokio",
            "futures",
            "futures_util",
            "futures_core",
            "hyper",
            "tower",
            "rayon",
            "rdkafka",
            "actix",
            "async_std",
            "serde",
            "serde_json",
            "rust_begin_unwind",
            "rust_panic",
            "__rust_begin_short_backtrace");
    private static final String[] INSTALLED = {"/rustc/", "/.cargo/", "/rustlib/"};

    @Override
    public boolean recognises(String line) {
        int at = indent(line);
        return line.startsWith("thread '") && line.contains(PANICKED)
                || isCall(line)
                || line.startsWith("at ", at) && line.contains(".rs:");
    }

    /** {@code   3: ticker::vwap::compute}. */
    private static boolean isCall(String line) {
        int at = indent(line);
        int number = digits(line, at);
        return number > 0 && line.startsWith(": ", at + number) && line.indexOf("::", at + number + 2) > 0;
    }

    @Override
    public List<Thrown> parse(List<String> lines) {
        var frames = new ArrayList<Frame>();
        var message = new StringBuilder();
        String call = "";
        boolean told = false;
        for (String line : lines) {
            String text = line.strip();
            if (line.startsWith("thread '") && line.contains(PANICKED)) {
                message.append(old(line));
            } else if (isCall(line)) {
                add(frames, call, "");
                call = text.substring(text.indexOf(": ") + 2);
                told = true;
            } else if (text.startsWith("at ")) {
                add(frames, call, text.substring(3));
                call = "";
            } else if (text.startsWith("stack backtrace") || text.startsWith("note: ")) {
                told = true;
            } else if (!told && message.length() < MESSAGE_CHARS) {
                message.append(message.isEmpty() ? "" : "\n").append(line);
            }
        }
        add(frames, call, "");
        return List.of(new Thrown(null, message.toString().strip(), frames));
    }

    /** Before 1.73 the message stood in quotes on the line of the thread. */
    private static String old(String line) {
        int start = line.indexOf(PANICKED) + PANICKED.length();
        int end = line.lastIndexOf("', ");
        return line.startsWith("'", start) && end > start ? line.substring(start + 1, end) : "";
    }

    private static void add(List<Frame> frames, String call, String path) {
        if (call.isEmpty()) {
            return;
        }
        String name = plain(call);
        int crate = name.indexOf('.');
        boolean library = LIBRARIES.contains(crate < 0 ? name : name.substring(0, crate));
        for (String directory : INSTALLED) {
            library |= path.contains(directory);
        }
        boolean main = name.endsWith(".main") || name.startsWith("<");
        frames.add(library ? Frame.library(name) : name.isEmpty() ? Frame.made(call) : Frame.own(name, main));
    }

    /** {@code ticker::vwap::compute::{{closure}}::h0123456789abcdef} is {@code ticker.vwap.compute}. */
    private static String plain(String call) {
        int end = call.length();
        int last = call.lastIndexOf("::");
        boolean hashed = last > 0 && end - last == 19 && call.charAt(last + 2) == 'h';
        end = hashed ? last : end;
        int closure = call.indexOf("::{");
        end = closure > 0 ? Math.min(end, closure) : end;
        String name = call.substring(0, end);
        boolean impl = name.startsWith("<") && name.contains(" as ");
        int close = name.lastIndexOf(">::");
        name = impl && close > 0 ? name.substring(1, name.indexOf(" as ")) + name.substring(close + 1) : name;
        return name.replace("::", ".");
    }
}
