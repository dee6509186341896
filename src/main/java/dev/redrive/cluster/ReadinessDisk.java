package dev.redrive.cluster;

import static dev.redrive.cluster.ReadinessAspect.DISK;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a topic takes of the disks, and how fast that grows.
 *
 * @param dirs log directories that hold a copy of a partition
 * @param measuredOver time over which the growth was measured; 24 h at most
 */
record ReadinessDisk(List<Dir> dirs, Duration measuredOver) {

    /** @param usable bytes that are free; empty where the broker does not tell (before Kafka 3.3) */
    record Dir(int broker, OptionalLong usable, List<Copy> copies) {
        Dir {
            copies = List.copyOf(copies);
        }
    }

    /** @param held bytes of one partition now */
    record Copy(long held, double bytesPerMilli) {}

    private static final Duration SHORTEST = Duration.ofHours(1);
    private static final double ROOM = 0.8;
    private static final long AS_THE_WHOLE = -2;

    ReadinessDisk {
        dirs = List.copyOf(dirs);
    }

    ReadinessCheck check(TopicState topic, TopicCommand command) {
        var name = topic.name();
        if (dirs.isEmpty() || dirs.stream().anyMatch(dir -> dir.usable().isEmpty())) {
            return DISK.unknown(name, "The brokers do not tell how full their disks are.");
        }
        if (measuredOver.compareTo(SHORTEST) < 0) {
            return DISK.unknown(name, "It has been written to for less than an hour.");
        }
        // A topic that is only compacted has both settings, and neither deletes anything.
        long keptMillis =
                topic.deletes() ? TopicState.bounded(kept(topic, TopicState.RETENTION_MS, TopicState.LOCAL_MS)) : -1;
        long keptBytes = topic.deletes() ? kept(topic, TopicState.RETENTION_BYTES, TopicState.LOCAL_BYTES) : -1;
        if (topic.deletes() && keptMillis < 0 && keptBytes < 0) {
            return DISK.unknown(name, "Nothing bounds it, so every disk is too small in the end.");
        }
        var worst = ReadinessLevel.OK;
        var measured = "";
        for (var dir : dirs) {
            double needed = needed(dir, keptMillis, keptBytes);
            double usable = dir.usable().orElse(0);
            var level = needed > usable
                    ? ReadinessLevel.FAIL
                    : needed > usable * ROOM ? ReadinessLevel.WARN : ReadinessLevel.OK;
            if (measured.isEmpty() || level.compareTo(worst) < 0) {
                worst = level;
                measured = "Broker " + dir.broker() + " would need " + ReadinessText.bytes(Math.max(0, needed))
                        + " more and has " + ReadinessText.bytes(usable) + ".";
            }
        }
        var fix = worst == ReadinessLevel.OK || !topic.deletes()
                ? null
                : command.configure(
                        name,
                        Map.of(topic.isTiered() ? TopicState.LOCAL_BYTES : TopicState.RETENTION_BYTES, affordable()));
        return new ReadinessCheck(DISK, worst, name, measured, fix);
    }

    private static long kept(TopicState topic, String whole, String local) {
        long here = topic.isTiered() ? topic.number(local).orElse(AS_THE_WHOLE) : AS_THE_WHOLE;
        return here == AS_THE_WHOLE ? topic.number(whole).orElse(-1) : here;
    }

    /** Bytes beyond those held now, when twice as much comes in for as long as it is kept. */
    private static double needed(Dir dir, long keptMillis, long keptBytes) {
        return dir.copies().stream()
                .mapToDouble(copy -> {
                    double byTime = keptMillis < 0 ? Double.MAX_VALUE : 2 * copy.bytesPerMilli() * keptMillis;
                    double bySize = keptBytes < 0 ? Double.MAX_VALUE : keptBytes;
                    double most = Math.min(byTime, bySize);
                    return Math.max(0, (most == Double.MAX_VALUE ? 2.0 * copy.held() : most) - copy.held());
                })
                .sum();
    }

    /** Bytes a partition may have so that each disk keeps a fifth of what is free. */
    private long affordable() {
        return dirs.stream()
                .mapToLong(dir -> {
                    double held = dir.copies().stream().mapToLong(Copy::held).sum();
                    return (long) ((held + dir.usable().orElse(0) * ROOM)
                            / Math.max(1, dir.copies().size()));
                })
                .min()
                .orElse(0);
    }
}
