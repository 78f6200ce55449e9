"""Clauses that bring on terms or speak of them: patterns of `anchor.frames`, by what they do."""

from __future__ import annotations

TERM_CLAUSES = {
    "lead_in": """
        (subject|re)? our (<new>)? <offer> (for|on|regarding|about) (the|your|our)? <subject>
        (in (that|this) spirit|with (that|this|all that) in mind|on (that|this) basis|on our (side
            |end)|for our part|from our (side|end)|accordingly|in (brief|short)|to be brief|let us
            be brief|our side|for that reason|in response|in reply|that said|so)
        to (move|bring|help|get|keep|take) (things|this|us|matters|it|<talks>|our <message>)?
            (forward|along|closer together|closer|together|moving|going|ahead)
        to (make|keep) (things|this|it|the choice) (easier|easy|simple|clear) (for (you|both of
            us))?
        (okay|ok|right|well|now)
        here (it is|it goes|goes|we go|you go|you are)
        (here|below|following|what follows) (is|are|follows|you will find|please find) (our|the|an
            |a|some)? (<new>|<kind>)? (<offer>|one idea|thoughts|approach|what we|the terms (that)?
            we|the package (that)? we|the offer (that)? we)? (have in mind|had in mind|can (do
            |offer)|<would> <bring>|<bring>|would like to see|are looking for|came up with|have
            come up with)? (with)? (for|to)? (you)? (for your consideration|in full|in brief|in
            short|in detail)?
        (please|you will)? (find|see) our (<new>|<kind>)? <offer> (below|here|as follows|in what
            follows|in the following)?
        (our|the) (<new>|<kind>)? <offer> (to|for)? (you|the <subject>|your <subject>)? (in brief
            |in short|in full)? (is|are|reads|would be|looks|stands|remains)? (as follows
            |the following|this|like this|below|simple)?
        (we|our team|our company|our side)? (now|hereby|therefore)? (<would>)? (<bring>) (to|for)?
            (you)? (to you|with you|for your consideration)? (our|a|an|the|that|these|this)? (<new>
            |<kind>|following)? (<offer>|following|this|solution|arrangement)? (with this|to you
            |for you|with you)? (as follows|for your consideration|below|on (these|the following)
            terms|for the <subject>|is as follows)?
        we <would> share our (<new>)? <offer> (with you)?
        (let|allow) us (to)? <bring> (you)? (our|a|an|the)? (<new>|following)? (<offer>|following
            |this)? (as follows|below)?
        we (can|could|would)? put (the following|this|our <offer>|a package|the following package)
            (on the table|to you|forward)
        we have (the following|this|a <offer>|an <offer>) (in mind|for you|to offer)? (for you)?
        we have (put together|worked out|drawn up|prepared|come up with|thought of|updated|revised
            |reworked|adjusted|set out|written down) (the following|a|an|our|this)? (<new>)?
            (<offer>|thoughts)? (for you|accordingly|below|as follows|for your consideration)?
        we (were|are|would be) (looking at|thinking of|picturing)
        (could|can|would) we (do|say|settle on|go with|work with|try|agree on) (the following)?
        (what|how) (about|would you say (to|about)|do you (think of|think about|say to|feel about)
            |would you (think of|feel about))
        how (does|do|would) (this|the following|these|that|it) (sound|look|suit you|strike you
            |work) (to|for)? (you)?
        (would|could|can) you (be <glad>|be comfortable|be interested|live|work|imagine|picture|see
            |go|be open)? (yourself)? (signing|going|in|to)? (with|for|to|in)? (the following
            |this)?
        we (could|can|would) let you have (it|the <goods>|our <goods>) (for|at)
        we (would|could|can|propose to|suggest to) (set|keep|put)
        (the)? (terms|details|points|key points|main points) (are|would be|in full|in brief|that we
            (<would>)? <bring>)? (are|would be)? (as follows|these|the following|below)?
        (on|under) (the following|these) terms
        (for us)? the following terms would be (acceptable|agreeable|fine) (to|for|with)? (us)?
        as follows
        our
        we (can|could|would|will) do
        how would
        we hope (that)? (this|these terms) (works|work|suits|suit) (for)? you
        (this|here) is our (<new>)? <offer>
        we (can|could|would)? (offer|let you have) (it|the <goods>|this) (to you)? (on|under)
            (these|the
            following) terms
        the following
    """,
    "about": """
        (over to you|your turn)
        (this|that|these) (is|are|would be) (our|the)? (<new>|<kind>)? (<offer>|terms) (to you|for
            you)?
        (so)? (much for)? (that|this) is (what we (would|do)? (offer|propose)|our side)
        (we)? (<believe>) (that)? <ours> (is|are|would be|will be|makes|make|forms|form|offers
            |provides|strikes) (a|an)? (fair|reasonable|balanced|sound|solid|good|workable|sensible
            |agreeable|constructive|fair and (reasonable|balanced)|of interest|interesting)? (basis
            |balance|proposal|offer|package|solution|footing|foundation|arrangement)? (for (our|a
            |the))? (<sides>|<bond>)?
        (we)? (hope|trust|believe|think|are confident) (that)? <ours> (works|work|suits|suit|meets
            |meet|fits|fit|finds|find|appeals|appeal|helps|will work|will suit|is|are|can work
            |could work|would work|is something|will be|will find|will meet) (agreeable|to your
            (liking|satisfaction)|of interest|you|something|well|fine)? (to|for|with)? (you|your
            (needs|expectations|approval|satisfaction|liking|interest|plans|requirements)|you can
            (agree to|work with|live with)|both of us|both sides|<you>|us both)?
        (does|do|would|could|will|might|is|are|can) <ours> (be|look|sound|seem|work|suit|appeal
            |help|meet|fit)? (something|agreeable|fine|okay|ok|all right|good|reasonable|fair
            |workable|right|like something|of interest)? (to|for|with)? (you|your (needs
            |expectations|plans|liking))? (can|could)? (work with|agree to|live with|picture
            |imagine|agree on)? (for you)?
        (that|this|it)? (sounds|seems|is|looks) (fair|reasonable|good) (to you)? (does it not|is it
            not|does not it|is not it|do you not think)?
        (what|how) (do|would|does) (you|<ours>) (think|say|feel|see it|find it|sound|look|strike
            you|seem|suit you|see this|like it|work for you) (of|about|to|for)? (<ours>|you)?
        (what|how) (is|are) your (<answer>|feelings) (on|about|to)? (<ours>)?
    """,
    "menu_lead_in": """
        (here|below|following) (is|are|follows) (a choice of|our)? (#)? <offers> (to (choose|pick)
            (from|between)|for you|for your consideration|for you to (consider|choose from))?
        we (<would>)? (have|see|can see|can picture|can imagine|picture|imagine|are offering|offer
            |bring|can offer|have prepared|have put together|have worked out|would be open to|are
            open to|have drawn up|propose|suggest|put forward|present|<bring>|can think of) (you)?
            (#|several|some|these|the following|these #|the following #)? (new|different|possible
            |alternative)? (<offers>|choice) (for (you|your consideration))? (to (choose from
            |consider|pick from))? (in mind|for you to (choose from|consider)|between which you may
            choose)?
        we (would|could) (go|be comfortable|be happy|work) with (either|each) (one)? of the
            following
        our (<kind>)? <offers> (so far|for you|in # variants|are|are as follows)? (in # variants)?
    """,
    "menu": """
        to (give|offer|leave) you (some|a|more|a bit of|a little)? (choice|flexibility|room to
            choose)
        we (are offering|offer|are giving|give|leave) (you)? (a|the)? (choice|choice of #|choice
            between #)
        (so)? the choice is (entirely|all)? (yours|up to you)
        (we)? (will)? (leave|leaving) (it|the choice) (up)? to you (to (choose|decide|pick))?
        (please)? (choose|pick|take|select|go for|name|go with) (the one|one|whichever|whichever
            one|your favourite|your favorite|either one|the (option|package) (of <them>)?)? (of
            <them>)? (that)? (you|suits|fits|appeals|works)? (prefer|like|to you|for you|you)?
            (best|better|most|more)?
        (please)? (tell us|let us know|say) <which>
        <which>
        we (will)? (take|carry|go) (it|things|this) (on)? from there
    """,
    "menu_about": """
        (we)? (would|could) (go|be comfortable|be happy|be fine|work|be glad) (with|to go with|to
            work with) (either|each|both) (one)? (of)? (the following|them|these|the #
            (below)?)?
        (both|each|all|either) (of)? (<them>|one)? (are|is|would be|works|work|would work) (fine
            |workable|possible|welcome|good|on offer|open|all right|agreeable|okay|ok) (with|for|to
            |on)? (us|our (end|side|part)|for us|you)?
        we would (be (comfortable|happy|fine|glad) with|welcome) (either|each|both) (one)? (of
            <them>)?
    """,
}
"""One a line; a line that is indented further goes on."""
