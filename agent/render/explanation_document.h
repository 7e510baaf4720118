// What `rollcall explain` says of one person. Pure functions, any thread.
#ifndef AGENT_RENDER_EXPLANATION_DOCUMENT_H_
#define AGENT_RENDER_EXPLANATION_DOCUMENT_H_

#include "agent/render/document.h"
#include "agent/render/view_options.h"
#include "reconciler/plan/explain.h"
#include "rollcall/v1/reports.pb.h"

namespace rollcall {

Document ExplanationDocument(const Explanation& explanation, const ViewOptions& options);
v1::Explanation ToResource(const Explanation& explanation);

}  // namespace rollcall

#endif  // AGENT_RENDER_EXPLANATION_DOCUMENT_H_
