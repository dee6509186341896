package dev.redrive.cli;

import dev.redrive.Sha256;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Passes an export on and checks its last line, without which it was cut. */
final class ExportSink extends FilterOutputStream {

    /** More than a last line has. */
    private static final int TAIL = 512;

    private static final Pattern LETTERS = Pattern.compile("letters\"?[:=](\\d{1,18})");
    private static final Pattern SHA256 = Pattern.compile("sha256\"?[:=]\"?([0-9a-f]{64})");

    private final MessageDigest digest = Sha256.begin();
    private byte[] tail = new byte[0];

    ExportSink(OutputStream file) {
        super(file);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
        var held = Arrays.copyOf(tail, tail.length + length);
        System.arraycopy(bytes, offset, held, tail.length, length);
        int old = Math.max(0, held.length - TAIL);
        digest.update(held, 0, old);
        tail = Arrays.copyOfRange(held, old, held.length);
    }

    /**
     * @return how many letters the file holds
     * @throws Failure where its end is missing or does not fit the rest
     */
    long finish() throws IOException {
        flush();
        int lastLine = tail.length - 1;
        while (lastLine > 0 && tail[lastLine - 1] != '\n') {
            lastLine--;
        }
        var line = new String(tail, Math.max(0, lastLine), tail.length - Math.max(0, lastLine), StandardCharsets.UTF_8);
        digest.update(tail, 0, Math.max(0, lastLine));
        var letters = LETTERS.matcher(line);
        var sha256 = SHA256.matcher(line);
        if (!letters.find()
                || !sha256.find()
                || !sha256.group(1).equals(HexFormat.of().formatHex(digest.digest()))) {
            throw new Failure(Exit.UNEXPECTED, "The export was cut on its way", "Export again.");
        }
        return Long.parseLong(letters.group(1));
    }
}
