//! Bodies as solids: against other kernels, against the sections of plans, exact where they can be, and what hostile
//! files get.

mod kernels;
mod sections;
mod tower;
