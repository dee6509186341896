package dev.redrive.transform;

import dev.redrive.transform.JqProgram.InvalidException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.Timer;
import java.util.TimerTask;
import org.jspecify.annotations.Nullable;

/**
 * The process that runs programs of other people: answers one frame after the other, and is killed where it takes too
 * long or too much memory. It has no environment, no network and no files of ours.
 */
public final class JqMain {

    /** Longer than whoever started it waits: the end of a process that nobody waits for any more. */
    private static final long LONGEST_MILLIS = 30_000;

    private @Nullable String lastProgram;
    private @Nullable JqProgram last;

    private JqMain() {}

    public static void main(String[] arguments) throws IOException {
        var in = new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in)));
        var out = new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)));
        new JqMain().serve(in, out);
    }

    private void serve(DataInputStream in, DataOutputStream out) throws IOException {
        warmUp();
        out.writeByte(Frames.READY);
        out.flush();
        var watch = new Timer("watch", true);
        while (true) {
            int kind;
            try {
                kind = in.readByte();
            } catch (EOFException nobodyAsksAnyMore) {
                return;
            }
            var program = Frames.text(in);
            var value = kind == Frames.RUN ? Frames.bytes(in) : null;
            var tooLong = new TimerTask() {
                @Override
                public void run() {
                    Runtime.getRuntime().halt(1);
                }
            };
            watch.schedule(tooLong, LONGEST_MILLIS);
            answer(out, program, value);
            out.flush();
            tooLong.cancel();
        }
    }

    /** The first value should not pay for the loading of classes. */
    private static void warmUp() {
        try {
            JqProgram.read(".a |= tonumber | del(.b)").run("{\"a\":\"1\",\"b\":[1.5]}".getBytes());
        } catch (InvalidException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void answer(DataOutputStream out, String program, byte @Nullable [] value) throws IOException {
        JqProgram read;
        try {
            read = read(program);
        } catch (InvalidException invalid) {
            out.writeByte(Frames.INVALID);
            out.writeInt(invalid.position());
            Frames.write(out, String.valueOf(invalid.getMessage()));
            return;
        }
        var made = value == null ? new Transformed.Unchanged() : read.run(value);
        if (made instanceof Transformed.Changed changed) {
            out.writeByte(Frames.CHANGED);
            Frames.write(out, changed.value().getBytes());
        } else if (made instanceof Transformed.Failed failed) {
            out.writeByte(Frames.FAILED);
            Frames.write(out, failed.why());
            Frames.write(out, failed.detail() == null ? "" : failed.detail());
        } else {
            out.writeByte(Frames.UNCHANGED);
        }
    }

    private JqProgram read(String program) throws InvalidException {
        var known = last;
        if (known != null && program.equals(lastProgram)) {
            return known;
        }
        var read = JqProgram.read(program);
        last = read;
        lastProgram = program;
        return read;
    }
}
