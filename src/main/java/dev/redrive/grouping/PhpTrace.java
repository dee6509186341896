package dev.redrive.grouping;

import static dev.redrive.grouping.TraceText.digits;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * PHP: {@code Throwable::__toString}, the previous exception first, then {@code Next}. A frame names the function that
 * was called and the file of its caller, so whose code it is can be told only together with the frame before.
 */
record PhpTrace() implements TraceDialect {

    @Override
    public boolean recognises(String line) {
        return line.equals("Stack trace:") || isFrame(line);
    }

    private static boolean isFrame(String line) {
        int number = line.startsWith("#") ? digits(line, 1) : 0;
        return number > 0
                && line.startsWith(" ", number + 1)
                && (line.contains("): ") || line.endsWith("{main}") || line.contains("[internal function]: "));
    }

    @Override
    public List<Thrown> parse(List<String> lines) {
        var chain = new ArrayList<Thrown>();
        var block = new Block();
        for (String line : lines) {
            boolean next = line.startsWith("Next ");
            if (next && !block.frames.isEmpty()) {
                TraceDialect.add(chain, block.thrown());
                block = new Block();
            }
            if (isFrame(line)) {
                block.frame(line.substring(line.indexOf(' ') + 1));
            } else if (!line.equals("Stack trace:") && block.frames.isEmpty()) {
                block.header(next ? line.substring(5) : line);
            }
        }
        chain.add(block.thrown());
        Collections.reverse(chain);
        return chain;
    }

    /** One exception while it is read. */
    private static final class Block {

        private final StringBuilder header = new StringBuilder();
        private final List<Frame> frames = new ArrayList<>();
        private String thrownAt = "";
        private String path = "";

        void header(String line) {
            String text = line.startsWith("PHP Fatal error:  Uncaught ") ? line.substring(27) : line;
            if (header.length() < 8 * 1024) {
                header.append(header.isEmpty() ? "" : "\n").append(text);
            }
        }

        private void place() {
            int in = header.lastIndexOf(" in ");
            int colon = header.lastIndexOf(":");
            if (in >= 0 && colon > in) {
                path = header.substring(in + 4, colon);
                thrownAt = path + "(" + header.substring(colon + 1).strip() + ")";
                header.setLength(in);
            }
        }

        /** {@code /app/Invoice.php(16): Acme\Invoice::upper()}. */
        void frame(String text) {
            if (frames.isEmpty()) {
                place();
            }
            int split = text.indexOf(": ");
            String place = split < 0 ? "" : text.substring(0, split);
            String call = split < 0 ? text : text.substring(split + 2);
            int open = call.indexOf('(');
            String name = (open < 0 ? call : call.substring(0, open))
                    .replace("->", ".")
                    .replace("::", ".")
                    .replace('\\', '.');
            boolean builtIn = frames.isEmpty() && place.equals(thrownAt);
            boolean closure = name.contains("{closure") || name.startsWith("{main}");
            if (builtIn || path.isEmpty() || OwnCode.isLibraryFile(path)) {
                frames.add(Frame.library(name));
            } else {
                frames.add(closure ? Frame.made(name) : Frame.own(name, OwnCode.isOuterFile(TraceText.stem(path))));
            }
            int parenthesis = place.lastIndexOf('(');
            path = parenthesis > 0 ? place.substring(0, parenthesis) : "";
        }

        Thrown thrown() {
            return Thrown.of(header.toString().strip(), frames);
        }
    }
}
