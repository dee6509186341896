package dev.redrive.transform;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What goes over the pipes between us and the process that runs programs: every part behind its length. */
final class Frames {

    /** Reads the program and answers {@link #UNCHANGED}, or {@link #INVALID} with a position and a message. */
    static final int CHECK = 1;
    /** Runs the program over a value. */
    static final int RUN = 2;

    static final int READY = 10;
    static final int UNCHANGED = 11;
    static final int CHANGED = 12;
    static final int FAILED = 13;
    static final int INVALID = 14;

    /** In bytes, of what a program is given and of what it gives. */
    static final int LARGEST = 4 << 20;

    private Frames() {}

    static void write(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static void write(DataOutputStream out, String text) throws IOException {
        write(out, text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] bytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > LARGEST) {
            throw new IOException("A frame of " + length + " bytes");
        }
        return in.readNBytes(length);
    }

    static String text(DataInputStream in) throws IOException {
        return new String(bytes(in), StandardCharsets.UTF_8);
    }
}
