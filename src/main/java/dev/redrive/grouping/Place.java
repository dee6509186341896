package dev.redrive.grouping;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/** Where in a team's own code a failure surfaced. */
final class Place {

    /** The place and its caller: a helper that all call says too little, the whole path too much. */
    private static final int FRAMES = 2;

    private static final int RECURSION_LOOKED_AT = 2_000;

    private Place() {}

    /**
     * The frames that count, innermost first; empty where the trace holds none of own code. Looked for in the root
     * cause and, where an executor has dropped its callers, in the exceptions around it.
     */
    static List<Frame> of(List<Thrown> chain, int root) {
        for (int i = root; i >= 0; i--) {
            var frames = withCaller(calls(chain, i));
            if (!frames.isEmpty()) {
                return frames;
            }
        }
        return root < 0 ? List.of() : plumbing(chain.get(root).frames());
    }

    /** What a Python task was started by is in the traceback of its group, below frames of the library. */
    private static List<Frame> calls(List<Thrown> chain, int index) {
        var calls = new ArrayList<>(chain.get(index).frames());
        for (int i = index - 1; i >= 0 && isGroup(chain.get(i)); i--) {
            chain.get(i).frames().stream().filter(Frame::own).forEach(calls::add);
        }
        return calls;
    }

    private static boolean isGroup(Thrown thrown) {
        return thrown.type() != null && thrown.type().endsWith("ExceptionGroup");
    }

    private static List<Frame> plumbing(List<Frame> frames) {
        return frames.stream().filter(Frame::own).limit(1).toList();
    }

    /** A caller counts if it called directly: what lies behind a library may be another thread next time. */
    private static List<Frame> withCaller(List<Frame> frames) {
        var place = new ArrayList<Frame>();
        for (var frame : frames) {
            if (place.isEmpty()) {
                if (frame.own() && !frame.plumbing()) {
                    place.add(frame);
                }
            } else {
                var inner = place.get(place.size() - 1);
                boolean called = frame.event() && !inner.event();
                boolean ends = frame.origin() == Frame.Origin.LIBRARY || frame.outer() || inner.entry() && !called;
                if (ends || place.size() == FRAMES) {
                    break;
                }
                if (frame.own() && !frame.function().equals(inner.function())) {
                    place.add(frame);
                }
            }
        }
        return place;
    }

    /** Names of the own functions that call each other without end, sorted; which one is on top is chance. */
    static List<String> cycle(List<Frame> frames) {
        var calls = new HashMap<String, Integer>();
        for (var frame : frames.subList(0, Math.min(frames.size(), RECURSION_LOOKED_AT))) {
            if (frame.own() && !frame.plumbing()) {
                calls.merge(frame.function(), 1, Integer::sum);
            }
        }
        int most = calls.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        return calls.entrySet().stream()
                .filter(call -> call.getValue() > 1 && call.getValue() >= most / 4)
                .map(call -> call.getKey())
                .sorted()
                .limit(6)
                .toList();
    }
}
