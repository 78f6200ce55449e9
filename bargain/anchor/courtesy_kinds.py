"""The kinds of words that known clauses are made of: patterns of `anchor.frames`, by name."""

from __future__ import annotations

KINDS = {
    "are": "are|is|were|was|have been|has been|would be|will be|remain",
    "glad": "happy|glad|pleased|delighted|thrilled|excited|honoured|honored|keen|eager|curious",
    "pleased": "happy|glad|pleased|delighted|thrilled",
    "grateful": "grateful|thankful|obliged|appreciative",
    "good": "good|great|nice|lovely|wonderful|pleasant|beautiful|charming|fine|enjoyable|"
    "productive|restful|relaxing|happy",
    "kind": "kind|quick|prompt|swift|speedy|detailed|clear|thoughtful|helpful|continued|"
    "continuing|constructive|friendly|open|frank|candid|honest|warm|recent|latest|last|careful|"
    "ongoing|patient|professional|thorough|considerate|initial|early|first",
    "kindly": "<kind>|good|great|nice|lovely|pleasant|interesting|excellent|wonderful|valuable",
    "message": "message|messages|email|emails|e-mail|mail|note|letter|call|conversation|"
    "conversations|discussion|discussions|exchange|talk|talks|chat|meeting|meetings|visit|"
    "correspondence|explanation|explanations|update|request|inquiry|enquiry|words|negotiation|"
    "negotiations|details|information|photos|pictures|documents|questions|comments|input",
    "answer": "reply|response|answer|feedback|thoughts|comments|view|views|opinion|reaction|"
    "decision|choice|preference|message|questions|response to this|questions or comments",
    "offer": "offer|proposal|suggestion|counteroffer|counterproposal|counter-offer|quote|"
    "quotation|counter-proposal|counter offer|counter proposal|package|terms|idea|ideas|"
    "thinking|bid|offers|proposals|suggestions",
    "proposal": "offer|proposal|suggestion|counteroffer|counterproposal|counter-offer|quote|"
    "quotation|counter-proposal|counter offer|counter proposal|package|terms|bid",
    "offers": "offers|proposals|suggestions|options|alternatives|packages|variants|versions|"
    "ideas|choices|combinations|possibilities|ways forward|ways of doing this|ways to do this",
    "grace": "time|patience|interest|effort|efforts|understanding|flexibility|trust|cooperation"
    "|collaboration|help|support|consideration|attention|openness|kindness|candour|candor|"
    "courtesy|hospitality|work|hard work|engagement|goodwill|professionalism|expertise|"
    "experience|honesty|friendliness|clarity|frankness|approach|thoughtfulness|care|spirit|"
    "relationship|working relationship|partnership|constructive approach|attentiveness|"
    "enthusiasm",
    "thing": "flat|apartment|house|home|place|room|piece|chair|lamp|table|car|desk|item|@",
    "goods": "home|place|room|piece|item|@",
    "subject": "<goods>|lease|property|position|role|job|project|contract|order|goods|product|"
    "products|service|services|rental|tenancy|purchase|sale|supply|agreement|matter",
    "you": "you|you and your <side>|your <side>|you all|all of you|both of you",
    "side": "team|family|colleagues|company|side|partners|management|purchasing team|sales team",
    "ours": "it|this|that|them|these|these terms|our <offer>|our <offers>|the <offer> above",
    "theirs": "it|this|that|them|everything|all of it|all of this|the matter|things|the details"
    "|your (<kind>)? (<offer>|<message>|<answer>|position|point of view|points|perspective)|the"
    " (<offer>|<message>) (you (sent|made|have sent|have made))?|what you (have)? (sent|wrote|"
    "written|proposed|suggested|said|put forward|told us|sent us) (over|to us|through|across)?",
    "looked": "looked (at|into|over|through|closely at|carefully at)|gone (over|through)|been "
    "(over|through)|taken (note of|in|a look at|a close look at|a careful look at)|had a (close"
    "|good|careful)? look at|reviewed|considered|read|read through|studied|examined|discussed|"
    "thought (about|over|through)|reflected on|talked (about|through|over)|received|noted|"
    "weighed|given <thought> to|got|seen|gone carefully through",
    "looking": "looking (at|into|over|through|closely at|carefully at)|going (over|through)|"
    "reviewing|considering|reading|studying|examining|discussing|thinking (about|over|through)|"
    "reflecting on|talking (about|through|over)|weighing|checking|working (on|through)|giving "
    "<thought> to|taking a look at|taking a close look at",
    "look": "look (at|into|over|through|closely at|carefully at)|go (over|through)|review|"
    "consider|read|study|examine|discuss|think (about|over|through)|reflect on|talk (about|"
    "through|over)|weigh|check|give <thought> to|take a (close|careful|closer|good)? look at|"
    "sleep on",
    "thought": "(it|this)? (careful|some|due|serious|proper)? (thought|consideration)",
    "manner": "carefully|closely|in (full|more)? detail|internally|among ourselves|here|amongst"
    " ourselves|with (our <side>|the team|care|interest|great care)|thoroughly|"
    "at length|together|properly|on our (side|end)|at our end|first|"
    "again",
    "soon": "(again)? (soon|shortly|in due (course|time)|before long|promptly|quickly|as (soon|"
    "quickly) as (we can|possible|we are able to|we have an answer|we have done so)|once we "
    "have (done so|an answer|<looked> <theirs>))",
    "gerund": "(getting|coming|writing) back|replying|responding|writing|reaching out|answering"
    "|calling|meeting|taking the (time|trouble) (to <talk>)?|bearing|talking|speaking|chatting|"
    "sharing <told>|explaining <told>|considering (our <offer>|this|it|everything)|sending "
    "(this|it|everything|your (<kind>)? (<offer>|<message>|<answer>)) (over|through)?|coming "
    "towards|being (so)? <kind>|working (on this|through this)?|hearing us out|letting us know|"
    "waiting|listening|following up|sticking|having us|engaging|setting out <told>",
    "talk": "write|reply|talk|respond|answer|talk to us|meet|meet us|explain <told>|speak|read "
    "this|speak to us|go through <theirs>|discuss <theirs>|talk this through|get back to us|"
    "read <theirs>",
    "told": "your <answer>|your (<kind>)? (position|point of view|perspective|situation|reasons"
    "|reasoning|expectations|needs|concerns|side|priorities|thinking|ideas)|this|yourself|it|"
    "what matters to you|how you see (it|this|things)|where you (stand|are coming from)|"
    "everything",
    "done": "<gerund> (us|to us|with us|our way|with our team)? (on this|on our <offer>|about "
    "this|on it|to our (<offer>|<message>))?",
    "swiftly": "(so)? (quickly|promptly|openly|soon|fast|frankly|kindly|swiftly|clearly|well|"
    "patiently|honestly|thoroughly|constructively|carefully|candidly)",
    "thanked": "<done> <swiftly>?|(it|this|everything|that|all of this|all this)|(all)? (of)? "
    "(your|the|our|this|these|all your|a|all the|another)? <praised> ((and|and for) (your|the|"
    "our|all your|for your)? <praised>)? <tail>?",
    "praised": "(<kindly>)? ((and)? <kindly>)? (<message>|<answer>|<grace>|trust behind (it|"
    "this))|(<kind>)? ((and)? <kind>)? <offer>",
    "graced": "(all)? (your|our|the|this) (<kindly>)? (<grace>|<message>) (and (your|our|the)? "
    "(<kindly>)? (<grace>|<message>))? <tail>?",
    "tail": "with (us|you)|in (this|this matter|all this|the (<subject>)|our <thing>|us|our "
    "team|our company|these <message>|finding <theirs>)|on this|so far|to us|today|yesterday|"
    "earlier|(throughout|during) (our|the|these|this) (<message>|process)|throughout|from "
    "(today|yesterday)|of (today|yesterday)|(that)? (you|your <side>|you and your <side>) (have"
    "|has)? (put|invested|taken|took|shown|showed) (in|into (this|it|the <message>)|us|for us|"
    "for this)?|behind (it|this)|about (this|it|the <subject>|our <offer>)|and your <side>|"
    "regarding (this|it|the <subject>)",
    "ask": "ask|contact|reach out to|reach out|write to|write|call|get in touch|get in touch "
    "with|message|reach|come back to|let us know|come to|get back to|drop us a line|give us a "
    "call",
    "asked": "(with|if (you have|there are|you may have|you should have)|for|about|should you "
    "have)? (any|further|more|any further|any other)? (questions|comments|details|information|"
    "queries|clarification|questions or comments|comments or questions|concerns|thoughts) "
    "((that)? you (may|might)? have)?|at any time|any time|anytime|<unclear>",
    "unclear": "(if|should|in case) (anything|something|any of this|any point) (is|be|seems|"
    "remains|remain)? (not clear|unclear)",
    "convenient": "whenever (it|that)? suits (you)?|"
    "soon|whenever you (can|are ready|have time|have a moment)|at a time that suits "
    "you|when you (can|are ready|have time|have a moment)|at your (earliest)? "
    "convenience|in due course|as soon as you can|on this|on it|about (this|it)",
    "how": "in a call|by phone|by email|by e-mail|on the phone|over the phone|in person|with "
    "you|on a call|over a coffee|over coffee|in a meeting",
    "ponder": "what you (think|make|would think|feel) (of <ours>|about <ours>)?|how you (see|"
    "view|like|find|judge) <ours>|how you feel about <ours>|how (this|that|it) (sounds|looks|"
    "sits|seems|strikes) (to|with)? (you)?|(if|whether|how) (<ours>) (works|suits|fits|work|"
    "would work|would suit|sounds right|could work|meets|appeals|is agreeable) (for|to|with)? "
    "(you|your needs|your expectations)? (or not)?|your (<kind>)? <answer> (on|to|about)? "
    "(<ours>)?|<which>|where you stand|if you have <asked>|of any questions|if there is "
    "anything unclear",
    "which": "which (one|option|package|proposal|version|way|direction|variant|alternative|"
    "offer|(one)? of <them>)? (you|you would|would|is|comes|suits|appeals|works|fits|looks|"
    "sounds|do you|would you|do you find|feels) (rather)? (prefer|like|choose|go for|pick|suit|"
    "take|like to take|want to take|want|go with|closest|better|best|most|lean towards|favour|"
    "favor|appealing|right|best for|more)? (to|for|you|best|better|most|more)? (to|you|more|"
    "most|best|better)? (you|what you (need|want|have in mind|are looking for))? (best|better|"
    "most|more)?",
    "them": "(these|the|our|the above)? (#|both|<offers>|# <offers>)|them|these",
    "sides": "(to|for|between|on|with)? (you|both sides|both of us|us both|all of us|all|"
    "everyone|both parties|all parties|all sides|everybody|everyone involved|all concerned|our "
    "<bond>)",
    "bond": "(long|long-term|fruitful|successful|lasting|strong|good|productive|close|working|"
    "business|trusting|mutual)? ((and)? (fruitful|successful|lasting|productive|good|trusting|"
    "constructive))? (relationship|partnership|cooperation|collaboration|working relationship|"
    "business relationship|time|years|work)",
    "reply": "(reply|respond|get back|come back|write back|answer|write|get in touch|be in "
    "touch|follow up|be back|return|be back in touch|reach out) ((to|with) (you|<theirs>))?|"
    "(let you know|send you|give you|tell you|share|have|get you) (our (answer|reply|response|"
    "decision|thoughts|view|feedback)|an (answer|update)|a (reply|response)|more|what we think|"
    "soon|where we stand)?|answer (you|<theirs>)|contact you|keep you posted|keep you informed",
    "bring": "propose|offer|suggest|put forward|submit|present|make|come back (to you)? with|"
    "reply with|respond with|lay out|set out|outline|counter with|put to you|answer with",
    "new": "updated|revised|new|full|current|own|first|counter|complete|best wishes and",
    "sorry": "unfortunately|sadly|regrettably|alas|(we are)? (afraid|sorry) (that)?|we (fear|"
    "regret) (that)?|(it is)? (with|to our) regret (that)?|(we are)? sorry to say (that)?|after"
    " all|we (regret to|have to|must|need to) (inform|tell|say|let) (you)? (know)? (that)?|it "
    "is with regret that",
    "talks": "(the|these|our|this|all)? (talks|talk|negotiation|negotiations|discussion|process"
    "|discussions|conversation|conversations)",
    "here": "here|at this (point|stage|time)|at that|there|with thanks|on good terms",
    "agree": "agree on (this|terms)|come together|come to (an agreement|terms|a deal)|(reach|"
    "find|arrive at|"
    "strike|make|come to) (an|any|a)? (agreement|deal|common ground|compromise|understanding)|"
    "make (this|it) work|find a way forward|(close|bridge) the gap|see eye to eye|meet in the "
    "middle|find a solution|get there|get to an agreement|find each other",
    "leave": "(withdraw|withdrawing|step away|stepping away|step back|stepping back|walk away|"
    "walking away|pull out|pulling out|bow out|bowing out|step out) (from|of)? (<talks>)? "
    "<here>?|(end|ending|close|closing|stop|stopping|conclude|concluding|break off|breaking off"
    "|discontinue|discontinuing|leave|leaving) <talks> (<here>|today)?|(leave|leaving|end|"
    "ending|close|"
    "closing|stop|stopping) (it|them|things|this|the matter)? <here>|(draw|drawing) <talks> to "
    "a close|bring <talks> to (a close|an end)|bringing <talks> to (a close|an end)|stop|leave|"
    "leaving|quit",
    "accepted": "(it|this|(your|this|the) (<present>)? <proposal>) (in full|as it stands|"
    "as it is|as "
    "made|in its entirety|with pleasure|with thanks|as stated|as you made it|in all its "
    "points)? (of|at|as follows|with|on|on (the following|these) terms|with (the following|"
    "these) terms)?",
    "yes": "yes|agreed|deal|all right agreed|yes agreed|agreed then|yes indeed",
    "onward": "for (the future|everything|your search|what comes next)|in (your search|the "
    "future|your plans)|going forward|with (it|everything|your (search|plans|project|business)|"
    "the <subject>)",
    "enjoyed": "(have|had|did)? (enjoyed|enjoy|value|valued|liked|treasure|cherish)",
    "present": "kind|latest|last|most recent|recent|current|updated|revised|new|clear|friendly",
    "ours_side": "our (team|company|colleagues|side|management)|the team",
    "believe": "hope|believe|think|feel|trust|are confident|are convinced|are sure|consider",
    "would": "(would|can|could|do|should)? (like to|love to|wish to|want to|be <glad> to|be "
    "able to)?|(are)? (<glad>|ready|prepared|able|writing|pleased)? to|wish to|will",
    "cannot": "cannot|can not|do not|will not|could not|did not|are not going to|(are|were|have"
    " been|will be)? (unable to|not able to|not been able to|not in a position to)|have not "
    "(been able to)?",
}
"""Kinds of words; what is in one kind may stand in another."""
