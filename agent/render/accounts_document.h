// What is odd about people's accounts (`rollcall check --accounts`), as people and as programs read
// it. Pure functions, any thread.
#ifndef AGENT_RENDER_ACCOUNTS_DOCUMENT_H_
#define AGENT_RENDER_ACCOUNTS_DOCUMENT_H_

#include <vector>

#include "agent/render/check_document.h"
#include "agent/render/document.h"
#include "agent/render/view_options.h"
#include "rollcall/v1/reports.pb.h"

namespace rollcall {

// A heading, a sentence, and a table for each condition that somebody is in.
std::vector<Block> AccountBlocks(const CheckedAccounts& accounts, const ViewOptions& options);
v1::AccountsReport ToResource(const CheckedAccounts& accounts);

}  // namespace rollcall

#endif  // AGENT_RENDER_ACCOUNTS_DOCUMENT_H_
