package io.tcpcopy.diagnosis;

import io.tcpcopy.metrics.MetricSnapshot;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Tells the operator of symptoms that last: each after ten seconds, then once a minute while it shows again, and once that it is over.
 */
public final class SymptomWatch {
    /** How often to look. */
    public static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(2);
    /** The most looks that a symptom is judged over: ten seconds. */
    public static final int MAX_LOOKS = 5;

    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long REPEAT_NS = TimeUnit.MINUTES.toNanos(1);

    private final List<Course> courses;
    private final Consumer<Finding> warnings;
    private final Consumer<Finding> allClears;
    /** At the last looks, the latest first. */
    private final Deque<MetricSnapshot> before = new ArrayDeque<>();

    /** How one symptom goes on. */
    private static final class Course {
        private final Symptom symptom;
        private boolean broken;
        private long sinceNs;
        /** Where the numbers stood before it began. */
        private MetricSnapshot beginning;

        private boolean told;
        private long toldNs;
        /** What was told last, or would be. */
        private Finding finding;

        Course(Symptom symptom) {
            this.symptom = symptom;
            told = symptom.toldBefore().isPresent();
            finding = symptom.toldBefore().orElse(null);
        }
    }

    /**
     * Watches symptoms, from numbers on that stand at their beginning.
     *
     * @param warnings hears of those that last
     * @param allClears hears of those that are over
     */
    public SymptomWatch(
            List<Symptom> symptoms, MetricSnapshot beginning, Consumer<Finding> warnings, Consumer<Finding> allClears) {
        courses = symptoms.stream().map(Course::new).toList();
        before.add(beginning);
        this.warnings = warnings;
        this.allClears = allClears;
    }

    /** Looks at the numbers again: every {@link #INTERVAL_NS}. */
    public void look(MetricSnapshot now, long nowNs) {
        MetricSnapshot[] lately = new MetricSnapshot[MAX_LOOKS];
        for (Course course : courses) {
            int looks = course.symptom.looks();
            MetricSnapshot earlier = earlier(looks);
            if (lately[looks - 1] == null) {
                lately[looks - 1] = now.since(earlier);
            }
            switch (course.symptom.state().apply(lately[looks - 1])) {
                case WORKS -> works(course);
                case BROKEN -> broken(course, earlier, now, nowNs);
                case UNKNOWN -> goesOn(course, nowNs);
                case MASKED -> masked(course);
            }
        }
        before.addFirst(now);
        if (before.size() > MAX_LOOKS) {
            before.removeLast();
        }
    }

    /** What the numbers stood at so many looks ago, or at the beginning. */
    private MetricSnapshot earlier(int looks) {
        return before.stream().limit(looks).reduce((later, earlier) -> earlier).orElseThrow();
    }

    private void works(Course course) {
        if (course.told) {
            Code code = course.finding.code();
            allClears.accept(Finding.ok(code, "it is over that " + decapitalized(code.title())));
        }
        course.broken = false;
        course.told = false;
    }

    private static String decapitalized(String sentence) {
        return sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1);
    }

    private void broken(Course course, MetricSnapshot earlier, MetricSnapshot now, long nowNs) {
        if (!course.broken) {
            course.broken = true;
            course.sinceNs = nowNs;
            // Where it was told before the first look, it is repeated so long after that.
            course.toldNs = nowNs;
            course.beginning = earlier;
        }
        course.finding = course.symptom.finding().apply(now.since(course.beginning));
        if (course.told ? nowNs - course.toldNs >= REPEAT_NS : hasLasted(course, nowNs)) {
            tell(course, nowNs);
        }
    }

    /** What was seen is told where nothing has contradicted it for long enough; once, unless it is seen again. */
    private void goesOn(Course course, long nowNs) {
        if (course.broken && !course.told && hasLasted(course, nowNs)) {
            tell(course, nowNs);
        }
    }

    private static boolean hasLasted(Course course, long nowNs) {
        return nowNs - course.sinceNs >= PATIENCE_NS;
    }

    private void tell(Course course, long nowNs) {
        course.told = true;
        course.toldNs = nowNs;
        warnings.accept(course.finding);
    }

    private static void masked(Course course) {
        if (!course.told) {
            course.broken = false;
        }
    }

    /** What goes on at present, for long enough to have been told. */
    public List<Finding> findings() {
        return courses.stream()
                .filter(course -> course.told)
                .map(course -> course.finding)
                .toList();
    }
}
