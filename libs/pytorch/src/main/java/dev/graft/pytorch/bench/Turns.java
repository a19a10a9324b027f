package dev.graft.pytorch.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/// Measures contenders in turns, so that whatever else the machine does falls on all of them alike.
///
/// @param threads how many forward passes run side by side
/// @param turn    how long a turn lasts at least; every thread finishes the pass it is in, and makes at least one
record Turns(int threads, Duration turn) {
    private static final int ROUNDS_MIN = 5;

    /// Measures every contender once in every round, after a pass that warms it up.
    ///
    /// @return for each contender, images a second: the median of its rounds
    List<Double> measure(List<Contender> contenders) throws InterruptedException, ExecutionException {
        List<List<Integer>> orders = orders(contenders.size());
        double[][] speeds = new double[contenders.size()][orders.size()];
        int floats =
                contenders.stream().mapToInt(Contender::floatsPerPass).max().orElseThrow();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<FloatBuffer> buffers =
                    IntStream.range(0, threads).mapToObj(_ -> noise(floats)).toList();
            for (Contender contender : contenders) {
                speed(pool, contender, buffers, Duration.ZERO);
            }
            for (int round = 0; round < orders.size(); round++) {
                for (int i : orders.get(round)) {
                    speeds[i][round] = speed(pool, contenders.get(i), buffers, turn);
                }
            }
        }
        return Arrays.stream(speeds).map(Turns::median).toList();
    }

    /// Orders the contenders for each round so that in all of them together everybody comes equally often in every
    /// place and after every other (E. J. Williams, "Experimental designs balanced for the estimation of residual
    /// effects of treatments", 1949): a processor is slower after what has heated it, and slower or faster as the
    /// time goes on.
    static List<List<Integer>> orders(int contenders) {
        // Each step from one to the next is another one: 0, 1, n − 1, 2, n − 2, …
        int[] zigzag = IntStream.range(0, contenders)
                .map(place -> place % 2 == 1 ? (place + 1) / 2 : (contenders - place / 2) % contenders)
                .toArray();
        List<List<Integer>> square = new ArrayList<>();
        for (int shift = 0; shift < contenders; shift++) {
            int by = shift;
            List<Integer> order = Arrays.stream(zigzag)
                    .map(one -> (one + by) % contenders)
                    .boxed()
                    .toList();
            square.add(order);
            if (contenders % 2 == 1) {
                // Of an odd number the steps are balanced only together with those of the way back.
                square.add(order.reversed());
            }
        }
        int times = Math.ceilDiv(ROUNDS_MIN, square.size());
        return Collections.nCopies(times, square).stream().flatMap(List::stream).toList();
    }

    /// Adds up the speeds of all threads, each over its own time, so that one that is in the middle of a long pass when
    /// the turn ends loses nothing.
    private double speed(ExecutorService pool, Contender contender, List<FloatBuffer> buffers, Duration duration)
            throws InterruptedException, ExecutionException {
        long startedNanos = System.nanoTime();
        List<Future<Double>> running = new ArrayList<>();
        for (FloatBuffer buffer : buffers) {
            FloatBuffer images = buffer.slice(0, contender.floatsPerPass());
            running.add(pool.submit(() -> {
                long passes = 0;
                long elapsedNanos;
                do {
                    contender.pass().accept(images);
                    passes++;
                    elapsedNanos = System.nanoTime() - startedNanos;
                } while (elapsedNanos < duration.toNanos());
                return passes * contender.batch() * 1e9 / elapsedNanos;
            }));
        }
        double speed = 0;
        for (Future<Double> thread : running) {
            speed += thread.get();
        }
        return speed;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static FloatBuffer noise(int floats) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(floats, Float.BYTES))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer()
                .put(noise(new SplittableRandom(floats), floats))
                .flip();
    }

    /// Makes numbers like those of normalised pixels.
    static float[] noise(SplittableRandom random, int floats) {
        float[] values = new float[floats];
        for (int i = 0; i < floats; i++) {
            values[i] = (float) random.nextDouble(-2, 2);
        }
        return values;
    }
}
