package io.tcpcopy.tcpcopy.report;

import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.shed.CopiedShare;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log when connections begin to be left out, why, how many of them are, and when all are copied again. */
public final class SheddingLog {
    private static final Logger LOG = LoggerFactory.getLogger(SheddingLog.class);

    private static final int ALL = 100;
    /** At first the share falls lower than it has to be. */
    private static final long SETTLING_NS = TimeUnit.SECONDS.toNanos(2);

    private static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(30);

    private final List<Line> lines;
    private final Metrics metrics;

    /** Has said nothing yet. */
    public SheddingLog(List<CopiedShare> shares, Metrics metrics) {
        this.metrics = metrics;
        lines = shares.stream().map(Line::new).toList();
    }

    /** A turn ends. */
    public void turnEnded(long nowNs) {
        for (int i = 0; i < lines.size(); i++) {
            lines.get(i).look(nowNs);
        }
    }

    /** What is to be said of one target. */
    private final class Line {
        private final CopiedShare share;
        private boolean isNarrow;
        private long narrowSinceNs;
        private boolean said;
        private long saidNs;

        Line(CopiedShare share) {
            this.share = share;
        }

        void look(long nowNs) {
            boolean all = share.percent() == ALL;
            if (!all && !isNarrow) {
                narrowSinceNs = nowNs;
            }
            isNarrow = !all;
            if (said && all) {
                said = false;
                LOG.info(
                        "all new connections are copied to {} again; connections left out so far: {}",
                        share.target(),
                        metrics.get(SessionCounter.SHED));
            } else if (!all && nowNs - narrowSinceNs >= SETTLING_NS && (!said || nowNs - saidNs >= INTERVAL_NS)) {
                said = true;
                saidNs = nowNs;
                LOG.warn(
                        "of 100 new connections {} are left out, whole, that would be copied to {}: {} (--no-shed tries all)",
                        ALL - share.percent(),
                        share.target(),
                        share.narrowPlace().text());
            }
        }
    }
}
